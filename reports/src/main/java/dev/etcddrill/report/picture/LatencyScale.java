package dev.etcddrill.report.picture;

import dev.etcddrill.history.Operation;
import dev.etcddrill.report.markup.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Maps latencies to the height of a picture, on a logarithmic scale of whole decades. */
final class LatencyScale {
    private static final double SHORTEST = 1e-4;

    private final int lowest;
    private final int highest;
    private final double top;
    private final double bottom;

    private LatencyScale(int lowest, int highest, double top, double bottom) {
        this.lowest = lowest;
        this.highest = highest;
        this.top = top;
        this.bottom = bottom;
    }

    /** A scale that holds every operation that was answered, and 1 ms to 1 s in any case, so that pictures compare. */
    static LatencyScale of(List<Operation> operations, double top, double bottom) {
        int lowest = -3;
        int highest = 0;
        for (Operation operation : operations) {
            if (operation.returned().isPresent()) {
                double decade = Math.log10(Math.max(
                        SHORTEST,
                        TimeScale.seconds(DotSelection.latency(operation).orElseThrow())));
                lowest = Math.min(lowest, (int) Math.floor(decade));
                highest = Math.max(highest, (int) Math.ceil(decade));
            }
        }
        return new LatencyScale(lowest, highest, top, bottom);
    }

    double position(Duration latency) {
        double decade = Math.log10(Math.max(SHORTEST, TimeScale.seconds(latency)));
        return bottom - (decade - lowest) / (highest - lowest) * (bottom - top);
    }

    /** A line across the picture. */
    record Line(double position, String label) {}

    List<Line> decades() {
        List<Line> lines = new ArrayList<>();
        for (int decade = lowest; decade <= highest; decade++) {
            Duration latency = Duration.ofNanos(Math.round(Math.pow(10, decade + 9)));
            lines.add(new Line(position(latency), label(decade, latency)));
        }
        return lines;
    }

    private static String label(int decade, Duration latency) {
        if (decade >= 0) {
            return Wording.count(latency.toSeconds()) + " s";
        }
        return decade >= -3 ? Wording.count(latency.toMillis()) + " ms" : "0.1 ms";
    }
}
