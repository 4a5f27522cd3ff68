package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * One line of {@code history.jsonl} after its header. Lines are in the order in which they were recorded: a request's
 * line is there before the line of anything that can have seen its effect.
 */
public sealed interface HistoryEvent {
    /** Time on the attempt's axis. */
    Duration at();

    /**
     * A client is about to send a request.
     *
     * @param id 1 for the first in the file, and one more for each after it
     * @param process see {@link Operation#process()}
     */
    record Invoked(long id, Duration at, int process, String incarnation, String member, Request request)
            implements HistoryEvent {
        public Invoked {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(request, "request");
        }
    }

    /**
     * A client got its answer, or gave up.
     *
     * @param id of the {@link Invoked} before it
     */
    record Returned(long id, Duration at, Outcome outcome) implements HistoryEvent {
        public Returned {
            requireNonNull(at, "at");
            requireNonNull(outcome, "outcome");
        }
    }

    /**
     * The last line of a history that was closed properly.
     *
     * @param clocks both clocks at the end
     * @param invoked how many {@link Invoked} lines there are
     * @param returned how many {@link Returned} lines there are
     */
    record Closed(ClockReading clocks, long invoked, long returned) implements HistoryEvent {
        public Closed {
            requireNonNull(clocks, "clocks");
        }

        @Override
        public Duration at() {
            return clocks.monotonic();
        }
    }
}
