package dev.etcddrill.fault;

import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultParameter;
import dev.etcddrill.plan.FaultParameter.Kind;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Connections are reset as soon as data flows in the directions that it hits, or a while later. */
public final class ResetFault extends ToxicFault {
    private static final String AFTER = "after";

    public ResetFault() {
        super(
                FaultTypes.RESET,
                "connections are reset once data flows in the directions named",
                FaultParameter.optional(AFTER, Kind.DURATION, Duration.ZERO, "how long after the first data"));
    }

    @Override
    LinkToxic toxic(PlannedFault fault) {
        return new LinkToxic.Reset(fault.duration(AFTER));
    }

    @Override
    FaultEffect effect(PlannedFault fault, Link link) {
        return new FaultEffect.LinkCut(link);
    }

    @Override
    Duration patience(PlannedFault fault) {
        return fault.duration(AFTER).plusSeconds(2);
    }

    /** A reset ends a connection in both directions, whichever sent the data. */
    @Override
    boolean directionSeen() {
        return false;
    }

    @Override
    Sight look(PlannedFault fault, LinkReading now) {
        var greetings = Stream.concat(now.dialledBySender().stream(), now.dialledByReceiver().stream())
                .map(LinkProbe::greeting)
                .toList();
        // A busy machine resets later, never earlier.
        Duration least = fault.duration(AFTER).multipliedBy(9).dividedBy(10);
        boolean held = greetings.stream()
                .allMatch(answer -> answer.kind() == LinkProbe.Answer.Kind.CLOSED
                        && answer.time().compareTo(least) >= 0);
        boolean free = greetings.stream().allMatch(answer -> answer.kind() == LinkProbe.Answer.Kind.DATA);
        return new Sight(
                held,
                free,
                held ? "resets a greeting" + late(greetings) : free ? "answers a greeting" : "does both, or too early");
    }

    private static String late(List<LinkProbe.Answer> resets) {
        return resets.stream()
                .map(LinkProbe.Answer::time)
                .min(Duration::compareTo)
                .map(time -> " after " + time.toMillis() + " ms")
                .orElse("");
    }
}
