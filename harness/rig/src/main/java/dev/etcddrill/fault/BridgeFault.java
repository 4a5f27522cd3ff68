package dev.etcddrill.fault;

import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.ResolvedTarget;
import java.util.List;

/** The other members fall into two halves that do not hear each other; the member that it hits hears both (after Jepsen's bridge). */
public final class BridgeFault extends PacketFault {
    public BridgeFault() {
        super(
                FaultTypes.BRIDGE,
                "the others fall into two halves that only the member named reaches",
                FaultTarget.Kind.MEMBERS);
    }

    @Override
    List<Link> cuts(ResolvedTarget target, List<String> members) {
        List<String> others = members.stream()
                .filter(member -> !target.members().contains(member))
                .toList();
        return between(others.subList(0, others.size() / 2), others.subList(others.size() / 2, others.size()));
    }
}
