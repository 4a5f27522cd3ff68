package dev.etcddrill.fault;

import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.ResolvedTarget;
import java.util.List;

/** The members that it hits stay together, cut off from the rest in both directions; clients reach both sides. */
public final class SplitFault extends PacketFault {
    public SplitFault() {
        super(
                FaultTypes.SPLIT,
                "the members named are cut off from the rest, in both directions, and stay together",
                FaultTarget.Kind.MEMBERS);
    }

    @Override
    List<Link> cuts(ResolvedTarget target, List<String> members) {
        return between(
                target.members(),
                members.stream()
                        .filter(member -> !target.members().contains(member))
                        .toList());
    }
}
