package dev.etcddrill.plan;

import java.time.Duration;

/** Times as plans write them: the form of recipes. */
public final class DurationText {
    /** What a time looks like, as a regular expression. */
    static final String PATTERN = "^([0-9]{1,12}(us|ms|s|m|h|d))+$";

    private DurationText() {}

    /** A time in the largest unit that divides it, such as {@code 300ms}. */
    public static String format(Duration time) {
        if (time.toNanosPart() % 1_000_000 != 0) {
            return time.toNanos() / 1000 + "us";
        }
        return time.toNanosPart() == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
