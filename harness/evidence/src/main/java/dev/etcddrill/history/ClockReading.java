package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * The two clocks of an attempt, read at the same moment, so that what carries wall-clock times (member logs) lands on
 * the attempt's axis.
 *
 * @param wall what the wall clock said
 * @param monotonic what the attempt's own clock said: the time since its start
 */
public record ClockReading(Instant wall, Duration monotonic) {
    public ClockReading {
        requireNonNull(wall, "wall");
        requireNonNull(monotonic, "monotonic");
    }

    /** The wall-clock time of a moment on the attempt's axis, as far as the wall clock was not set in between. */
    public Instant wallAt(Duration at) {
        return wall.plus(at.minus(monotonic));
    }
}
