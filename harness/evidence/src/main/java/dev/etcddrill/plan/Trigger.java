package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** What a step of a plan waits for. Counting starts when the step before was done. */
public sealed interface Trigger {
    /** So many writes were acknowledged. */
    record AcknowledgedWrites(long count) implements Trigger {
        public AcknowledgedWrites {
            if (count < 1) {
                throw new IllegalArgumentException("a step waits for at least 1 write, but this says " + count);
            }
        }

        @Override
        public String toString() {
            return "after " + count + " acknowledged writes";
        }
    }

    /** So much time passed: for faults under which nothing is acknowledged. */
    record Elapsed(Duration time) implements Trigger {
        public Elapsed {
            requireNonNull(time, "time");
            if (time.isNegative()) {
                throw new IllegalArgumentException("a step cannot wait for " + time);
            }
        }

        @Override
        public String toString() {
            return time.isZero() ? "at once" : "after " + DurationText.format(time);
        }
    }
}
