package dev.etcddrill.document;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and sizes as people write them in a recipe. */
public final class QuantityText {

    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,12}(?:us|ms|s|m|h|d))+");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,12})(us|ms|s|m|h|d)");
    private static final Map<String, Duration> DURATION_UNITS = Map.of(
            "us", Duration.ofNanos(1_000),
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Pattern SIZE = Pattern.compile("(\\d{1,19})(KiB|MiB|GiB|TiB)?");
    private static final Map<String, Integer> SIZE_SHIFTS = Map.of("KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);
    private static final int LONGEST_TEXT = 60;
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private QuantityText() {}

    /** Reads a time such as {@code 100ms}, {@code 8760h} or {@code 1m30s}. */
    public static Duration parseDuration(String text) {
        return requirePositive(parseTime(text));
    }

    /** As {@link #parseDuration}, and zero is a time too. */
    public static Duration parseTime(String text) {
        if (text.length() > LONGEST_TEXT || !DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException("expected a time as whole numbers with units us, ms, s, m, h or d,"
                    + " found \"" + text + "\"; write for example 100ms, 3s or 8760h");
        }
        Duration total = Duration.ZERO;
        Matcher part = DURATION_PART.matcher(text);
        while (part.find()) {
            total = total.plus(DURATION_UNITS.get(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
        }
        if (total.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "expected a time of at most 100 years, found \"" + text + "\"; give a shorter time");
        }
        return total;
    }

    /** Reads a size in bytes such as {@code 8589934592}, {@code 512MiB} or {@code 8GiB}. */
    public static long parseBytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (matcher.matches()) {
            BigInteger bytes = new BigInteger(matcher.group(1));
            if (matcher.group(2) != null) {
                bytes = bytes.shiftLeft(SIZE_SHIFTS.get(matcher.group(2)));
            }
            if (bytes.bitLength() < Long.SIZE) {
                return bytes.longValueExact();
            }
        }
        throw new IllegalArgumentException("expected a size in bytes or with the unit KiB, MiB, GiB or TiB, found \""
                + text + "\"; write for example 8GiB");
    }

    /** Refuses a time of zero or less. */
    public static Duration requirePositive(Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(
                    "expected a time longer than zero, found " + format(value) + "; give a time such as 1s");
        }
        return value;
    }

    /** A time as a recipe would write it, in the largest unit that divides it. */
    public static String format(Duration value) {
        if (value.toNanosPart() % 1_000_000 != 0) {
            return value.toNanos() / 1_000 + "us";
        }
        if (value.toNanosPart() != 0) {
            return value.toMillis() + "ms";
        }
        if (value.isZero() || value.toSecondsPart() != 0) {
            return value.toSeconds() + "s";
        }
        return value.toMinutesPart() == 0 ? value.toHours() + "h" : value.toMinutes() + "m";
    }
}
