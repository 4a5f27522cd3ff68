package dev.etcddrill.report.markup;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How numbers and times are written: with a unit, in two or three digits (specification {@code report.md}, "Order of
 * the page", last paragraph). The language is fixed, so that a report is the same wherever it is written.
 */
public final class Wording {
    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME_OF_DAY =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Wording() {}

    /** A count, such as {@code 38,112}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A count with its noun, such as {@code 1 member} or {@code 3 members}. */
    public static String count(long count, String noun) {
        return count(count) + " " + (count == 1 ? noun : noun + "s");
    }

    /** How long something took, in the unit that needs the fewest digits: {@code 1.7 ms}, {@code 1.28 s}. */
    public static String took(Duration duration) {
        double seconds = seconds(duration);
        double size = Math.abs(seconds);
        if (size == 0) {
            return "0 s";
        } else if (size < 0.00995) {
            return String.format(Locale.ROOT, size < 0.000995 ? "%.2f ms" : "%.1f ms", seconds * 1000);
        } else if (size < 0.0995) {
            return String.format(Locale.ROOT, "%.0f ms", seconds * 1000);
        } else if (size < 59.95) {
            return inSeconds(duration);
        }
        long whole = Math.round(seconds);
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d m %02d s", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%d h %02d m", whole / 3600, whole % 3600 / 60);
    }

    /** A time in seconds, for figures that are compared with each other: {@code 0.04 s}, {@code 12.3 s}. */
    public static String inSeconds(Duration duration) {
        double seconds = seconds(duration);
        double size = Math.abs(seconds);
        return String.format(Locale.ROOT, size < 9.995 ? "%.2f s" : size < 99.95 ? "%.1f s" : "%.0f s", seconds);
    }

    /** A point on the attempt's clock, to the millisecond: {@code 12.031 s}. */
    public static String at(Duration sinceStart) {
        return String.format(Locale.ROOT, "%.3f s", seconds(sinceStart));
    }

    /** A date and time, to the second, in UTC. */
    public static String wallClock(Instant instant) {
        return WALL_CLOCK.format(instant);
    }

    /** A time of day, to the millisecond, in UTC. */
    public static String timeOfDay(Instant instant) {
        // The formatter cuts off, times on an attempt's clock are rounded: beside each other they must agree.
        return TIME_OF_DAY.format(instant.plusNanos(500_000));
    }

    /** A size in bytes. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return count(bytes) + " B";
        }
        double size = bytes;
        String unit = "B";
        for (String larger : new String[] {"kB", "MB", "GB", "TB"}) {
            if (size < 999.5) {
                break;
            }
            size /= 1000;
            unit = larger;
        }
        return String.format(Locale.ROOT, size < 9.95 ? "%.1f %s" : "%.0f %s", size, unit);
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }
}
