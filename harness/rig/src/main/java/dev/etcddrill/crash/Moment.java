package dev.etcddrill.crash;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;

/** When a run is killed. */
sealed interface Moment {
    /** So long after it was started. */
    record After(Duration time) implements Moment {
        public After {
            requireNonNull(time, "time");
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "after %.3f s", time.toNanos() / 1e9);
        }
    }

    /**
     * As soon as the ledger has so many entries.
     *
     * @param number from 1 on
     */
    record LedgerEntry(int number) implements Moment {
        public LedgerEntry {
            if (number < 1) {
                throw new IllegalArgumentException("a ledger's entries are counted from 1, but this is " + number);
            }
        }

        @Override
        public String toString() {
            return "ledger entry " + number;
        }
    }
}
