package dev.etcddrill.fault;

import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import java.util.List;
import java.util.Optional;

/** Packets vanish in the directions that it hits, and only in these. */
public final class CutFault extends PacketFault {
    public CutFault() {
        super(FaultTypes.CUT, "packets vanish in exactly the directions named", FaultTarget.Kind.LINKS);
    }

    @Override
    public Optional<String> problem(PlannedFault fault, List<String> members) {
        return fault.target().namesAnswersToClients()
                ? Optional.of("only what clients send can be cut, not what members send to clients; use blackhole for"
                        + " that direction")
                : Optional.empty();
    }

    @Override
    List<Link> cuts(ResolvedTarget target, List<String> members) {
        return target.links();
    }
}
