package dev.etcddrill.fault;

import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.ResolvedTarget;
import java.util.List;

/** The members that it hits form a ring, in which each hears only its two neighbours (after Jepsen's majorities ring). */
public final class RingFault extends PacketFault {
    public RingFault() {
        super(FaultTypes.RING, "each member hears only its two neighbours in a ring", FaultTarget.Kind.MEMBERS);
    }

    @Override
    List<Link> cuts(ResolvedTarget target, List<String> members) {
        List<String> ring = target.members();
        return between(ring, ring).stream()
                .filter(link -> {
                    int distance = Math.abs(ring.indexOf(link.from()) - ring.indexOf(link.to()));
                    return distance != 1 && distance != ring.size() - 1;
                })
                .toList();
    }
}
