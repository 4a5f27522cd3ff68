package dev.etcddrill.report.picture;

import dev.etcddrill.report.timeline.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Maps an attempt's clock to a horizontal stretch of a picture. */
final class TimeScale {
    private final double from;
    private final double seconds;
    private final double left;
    private final double width;

    /**
     * @param window what is shown; one shorter than a millisecond is shown as one
     * @param left in user units of the picture, as everything else
     */
    TimeScale(Interval window, double left, double width) {
        this.from = seconds(window.from());
        this.seconds = Math.max(seconds(window.to()) - from, 0.001);
        this.left = left;
        this.width = width;
    }

    /** Position of a point of time; outside the picture where the time is outside the window. */
    double position(Duration at) {
        return left + (seconds(at) - from) / seconds * width;
    }

    /** Position of a point of time, moved to the nearest edge where it is outside the window. */
    double clamped(Duration at) {
        return Math.max(left, Math.min(left + width, position(at)));
    }

    /** A mark on the axis. */
    record Tick(double position, String label) {}

    /** Eight to sixteen marks at round times. */
    List<Tick> ticks() {
        double step = step();
        int digits = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        List<Tick> ticks = new ArrayList<>();
        for (long number = (long) Math.ceil(from / step - 1e-9); number * step <= from + seconds + 1e-9; number++) {
            double at = number * step;
            ticks.add(new Tick(
                    left + (at - from) / seconds * width, String.format(Locale.ROOT, "%." + digits + "f s", at)));
        }
        return ticks;
    }

    private double step() {
        double rough = seconds / 12;
        double decade = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double factor : new double[] {1, 2, 5}) {
            if (decade * factor >= rough) {
                return decade * factor;
            }
        }
        return decade * 10;
    }

    /** A coordinate with one digit after the point, and none where that is zero. */
    static String coordinate(double value) {
        return BigDecimal.valueOf(value)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }
}
