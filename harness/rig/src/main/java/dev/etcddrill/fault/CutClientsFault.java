package dev.etcddrill.fault;

import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.ResolvedTarget;
import java.util.List;

/** What clients send to the members that it hits vanishes; members still reach one another. */
public final class CutClientsFault extends PacketFault {
    public CutClientsFault() {
        super(
                FaultTypes.CUT_CLIENTS,
                "what clients send to the members named vanishes; members still reach one another",
                FaultTarget.Kind.MEMBERS);
    }

    @Override
    List<Link> cuts(ResolvedTarget target, List<String> members) {
        return target.members().stream()
                .map(member -> new Link(Link.CLIENTS, member))
                .toList();
    }
}
