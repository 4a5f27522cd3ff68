package dev.etcddrill.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** What a proxy does to one direction of a link (Toxiproxy, "Toxics"). */
public sealed interface LinkToxic {
    /**
     * Every chunk of data arrives later.
     *
     * @param latency how much later
     * @param jitter how far that varies, more or less, evenly distributed
     */
    record Delay(Duration latency, Duration jitter) implements LinkToxic {
        public Delay {
            requireNonNull(latency, "latency");
            requireNonNull(jitter, "jitter");
            if (latency.isNegative() || jitter.isNegative()) {
                throw new IllegalArgumentException(
                        "a delay cannot be negative, but this is " + latency + " with jitter " + jitter);
            }
        }
    }

    /**
     * No more than so much passes.
     *
     * @param kilobytesPerSecond 0 stalls the direction
     */
    record Narrow(long kilobytesPerSecond) implements LinkToxic {
        public Narrow {
            if (kilobytesPerSecond < 0) {
                throw new IllegalArgumentException("a rate cannot be negative, but this is " + kilobytesPerSecond);
            }
        }
    }

    /** Data is swallowed as long as the toxic is there; connections stay open until it is removed. */
    record Blackhole() implements LinkToxic {}

    /**
     * Connections are reset once data was sent on them.
     *
     * @param after that long after the first data
     */
    record Reset(Duration after) implements LinkToxic {
        public Reset {
            requireNonNull(after, "after");
        }
    }

    /**
     * The end of a connection is told later.
     *
     * @param delay how much later
     */
    record SlowClose(Duration delay) implements LinkToxic {
        public SlowClose {
            requireNonNull(delay, "delay");
        }
    }
}
