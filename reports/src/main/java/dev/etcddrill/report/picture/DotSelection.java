package dev.etcddrill.report.picture;

import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.report.timeline.Interval;
import dev.etcddrill.report.timeline.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which operations a picture shows as dots. Dots that would lie on each other are drawn once, on a grid that becomes
 * coarser until few enough are left, so that rare ones stay and crowds thin out. Always drawn are operations that failed
 * or whose outcome is unknown, the slowest, those that end an outage, and those that a check points at.
 */
final class DotSelection {
    /** How many of the slowest operations are always drawn. */
    static final int SLOWEST = 50;

    /** Size of the finest grid: about half of a dot. */
    private static final double FINEST = 1.5;

    private static final double COARSENING = 1.25;

    private DotSelection() {}

    /** An operation and where its dot is. */
    record Dot(Operation operation, double x, double y) {}

    /**
     * Selects what is drawn.
     *
     * @param dots all that are in the picture, in order of invocation
     * @param most how many are drawn, not counting those that are always drawn
     * @param pointedAt ids of the operations that a check points at
     * @return those that are drawn, in the same order
     */
    static List<Dot> of(List<Dot> dots, int most, Set<Long> pointedAt, List<Outage> outages) {
        Set<Long> slowest = slowest(dots);
        Set<Interval> ended = new HashSet<>();
        Set<Duration> outageEnds = new HashSet<>();
        for (Outage outage : outages) {
            if (outage.ended() && ended.add(outage.interval())) {
                outageEnds.add(outage.interval().to());
            }
        }
        List<Dot> always = new ArrayList<>();
        List<Dot> others = new ArrayList<>();
        for (Dot dot : dots) {
            Operation operation = dot.operation();
            boolean matters = !(operation.outcome() instanceof Outcome.Ok)
                    || pointedAt.contains(operation.id())
                    || slowest.contains(operation.id())
                    || operation.returned().map(outageEnds::contains).orElse(true);
            (matters ? always : others).add(dot);
        }
        List<Dot> drawn = new ArrayList<>(always);
        double size = FINEST;
        List<Dot> thinned = onePerCell(others, size);
        while (thinned.size() > most) {
            size *= COARSENING;
            // From those that are left: they are fewer, and every part of the crowd still has some.
            thinned = onePerCell(thinned, size);
        }
        drawn.addAll(thinned);
        drawn.sort(Comparator.comparingLong(dot -> dot.operation().id()));
        return drawn;
    }

    /** Keeps a heap of the slowest so far, so that a hundred thousand operations need not be sorted. */
    private static Set<Long> slowest(List<Dot> dots) {
        record Slow(long nanoseconds, long id) {}
        Comparator<Slow> fastestFirst =
                Comparator.comparingLong(Slow::nanoseconds).thenComparing(Slow::id, Comparator.reverseOrder());
        PriorityQueue<Slow> heap = new PriorityQueue<>(fastestFirst);
        for (Dot dot : dots) {
            Optional<Duration> latency = latency(dot.operation());
            if (latency.isPresent()) {
                long nanoseconds = latency.get().toNanos();
                if (heap.size() < SLOWEST) {
                    heap.add(new Slow(nanoseconds, dot.operation().id()));
                } else if (nanoseconds > heap.element().nanoseconds()) {
                    heap.remove();
                    heap.add(new Slow(nanoseconds, dot.operation().id()));
                }
            }
        }
        return heap.stream().map(Slow::id).collect(Collectors.toSet());
    }

    private static List<Dot> onePerCell(List<Dot> dots, double size) {
        Set<Long> taken = new HashSet<>();
        List<Dot> kept = new ArrayList<>();
        for (Dot dot : dots) {
            long column = Math.round(Math.floor(dot.x() / size));
            long row = Math.round(Math.floor(dot.y() / size));
            long cell =
                    column * 1_000_000L + row * 2L + (dot.operation().request().mutates() ? 1 : 0);
            if (taken.add(cell)) {
                kept.add(dot);
            }
        }
        return kept;
    }

    static Optional<Duration> latency(Operation operation) {
        return operation.returned().map(returned -> returned.minus(operation.invoked()));
    }
}
