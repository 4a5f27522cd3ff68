package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a fault takes from a cluster while it lasts. Links of clients are among it: they take nothing from a majority, but
 * two faults cannot hold one of them together.
 */
public sealed interface FaultEffect {
    /** The member has ended, or lost its data and so its vote; it must be started again and find its peers. */
    record MemberDown(String member) implements FaultEffect {
        public MemberDown {
            requireNonNull(member, "member");
        }
    }

    /** The member does not answer while its process halts; afterwards it goes on where it was. */
    record MemberHalted(String member) implements FaultEffect {
        public MemberHalted {
            requireNonNull(member, "member");
        }
    }

    /**
     * What the member stored is gone, beside its vote: lifting the fault replaces the member, and etcd puts nobody in while
     * another member cannot be reached (server.go, {@code isConnectedFullySince}).
     */
    record DataTaken(String member) implements FaultEffect {
        public DataTaken {
            requireNonNull(member, "member");
        }
    }

    /** Nothing that is sent in this direction arrives. */
    record LinkCut(Link link) implements FaultEffect {
        public LinkCut {
            requireNonNull(link, "link");
        }
    }

    /**
     * What is sent in this direction arrives later.
     *
     * @param delay at worst; zero where only something else about the direction is changed
     */
    record LinkDelayed(Link link, Duration delay) implements FaultEffect {
        public LinkDelayed {
            requireNonNull(link, "link");
            requireNonNull(delay, "delay");
            if (delay.isNegative()) {
                throw new IllegalArgumentException("a delay cannot be negative, but this is " + delay);
            }
        }
    }
}
