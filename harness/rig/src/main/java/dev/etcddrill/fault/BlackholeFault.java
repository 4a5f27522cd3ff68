package dev.etcddrill.fault;

import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import java.time.Duration;
import java.util.Optional;

/** Data in the directions that it hits is swallowed; connections stay open, and end when it is lifted. */
public final class BlackholeFault extends ToxicFault {
    /** Without the fault an answer takes milliseconds. */
    private static final Duration PATIENCE = Duration.ofMillis(700);

    public BlackholeFault() {
        super(FaultTypes.BLACKHOLE, "data is swallowed while connections stay open, in exactly the directions named");
    }

    @Override
    LinkToxic toxic(PlannedFault fault) {
        return new LinkToxic.Blackhole();
    }

    @Override
    FaultEffect effect(PlannedFault fault, Link link) {
        return new FaultEffect.LinkCut(link);
    }

    @Override
    Duration patience(PlannedFault fault) {
        return PATIENCE;
    }

    @Override
    Sight look(PlannedFault fault, LinkReading now) {
        Optional<Boolean> thereOpen =
                now.dialledBySender().map(probe -> probe.refusal().came());
        // On a connection that the receiver dialled it is the answer that flows in this direction. Where not even the
        // refusal comes, the way to the dialled end is closed, and nothing can be said of the way back: where this
        // fault
        // closes it, nothing that passes is all that can be seen; where it does not, the fault is not seen.
        Optional<Boolean> backOpen = now.dialledByReceiver()
                .map(probe -> probe.refusal().came() ? probe.greeting().came() : !now.bothWays());
        boolean held = !thereOpen.orElse(false) && !backOpen.orElse(false);
        boolean free = thereOpen.orElse(true) && backOpen.orElse(true);
        return new Sight(held, free, held ? "swallows all" : free ? "lets data pass" : "swallows some");
    }
}
