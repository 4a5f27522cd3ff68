package dev.etcddrill.report.timeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** A stretch of an attempt's clock. */
public record Interval(Duration from, Duration to) {
    public Interval {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        if (to.compareTo(from) < 0) {
            throw new IllegalArgumentException("an interval must not end before it begins: " + from + " to " + to);
        }
    }

    public Duration length() {
        return to.minus(from);
    }

    /** Whether both share at least a point. */
    public boolean touches(Interval other) {
        return from.compareTo(other.to) <= 0 && other.from.compareTo(to) <= 0;
    }
}
