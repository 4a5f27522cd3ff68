package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The clock that gives every time in the record of one attempt: monotonic, from 0 at its start. Thread-safe. */
public final class AttemptClock {
    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private final long start;

    private AttemptClock(InstantSource wall, LongSupplier nanoTime) {
        this.wall = requireNonNull(wall, "wall");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.start = nanoTime.getAsLong();
    }

    /**
     * A clock that starts now.
     *
     * @param wall such as {@link java.time.Clock#systemUTC()}
     * @param nanoTime monotonic, in nanoseconds, such as {@link System#nanoTime()}
     */
    public static AttemptClock started(InstantSource wall, LongSupplier nanoTime) {
        return new AttemptClock(wall, nanoTime);
    }

    /** Time since the start. */
    public Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
    }

    /** Both clocks, one right after the other. */
    public ClockReading reading() {
        return new ClockReading(wall.instant(), elapsed());
    }
}
