package dev.etcddrill.fault;

import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.ResolvedTarget;
import java.util.List;

/** Each member that it hits is cut off from all others, in both directions; clients still reach it. */
public final class IsolateFault extends PacketFault {
    public IsolateFault() {
        super(
                FaultTypes.ISOLATE,
                "each member named is cut off from all others, in both directions",
                FaultTarget.Kind.MEMBERS);
    }

    @Override
    List<Link> cuts(ResolvedTarget target, List<String> members) {
        return between(target.members(), members);
    }
}
