package dev.etcddrill.check;

import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.plan.DrillPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When the host itself did not run. A bound that was missed while the host stood still says nothing about etcd (design
 * decision 6), so the stalled time is taken off before a bound counts as missed.
 */
final class HostStalls {
    /** The words by which a reader, and {@link Verdict.Inconclusive#onlyForTheHost()}, knows the host's share. */
    static final String BLAMED = "But the host stalled for";

    private record Interval(Duration from, Duration to) {}

    /** Disjoint, in order of time. */
    private final List<Interval> intervals = new ArrayList<>();

    HostStalls(List<Observation> observations) {
        List<Interval> all = new ArrayList<>();
        for (Observation observation : observations) {
            if (observation instanceof Observation.HostStall stall) {
                all.add(new Interval(stall.at().minus(stall.stalled()), stall.at()));
            }
        }
        all.sort(Comparator.comparing(Interval::from));
        for (Interval next : all) {
            Interval last = intervals.isEmpty() ? null : intervals.get(intervals.size() - 1);
            if (last != null && next.from().compareTo(last.to()) <= 0) {
                // Two probes saw the same stall: it counts once.
                intervals.set(intervals.size() - 1, new Interval(last.from(), later(last.to(), next.to())));
            } else {
                intervals.add(next);
            }
        }
    }

    /** Whether the host stood still for more than half of the time: then it says nothing about who had to do with it. */
    boolean mostOf(Duration from, Duration to) {
        return within(from, to).multipliedBy(2).compareTo(to.minus(from)) > 0;
    }

    /** A reason to doubt that is the host's alone. */
    static String blamed(String sentence, Duration stalled) {
        return sentence + ". " + BLAMED + " " + Wording.time(stalled) + " of it.";
    }

    /** How long the host stood still between two moments. */
    Duration within(Duration from, Duration to) {
        Duration sum = Duration.ZERO;
        for (Interval interval : intervals) {
            Duration start = later(interval.from(), from);
            Duration end = interval.to().compareTo(to) < 0 ? interval.to() : to;
            if (end.compareTo(start) > 0) {
                sum = sum.plus(end.minus(start));
            }
        }
        return sum;
    }

    /**
     * Holds the time between two moments against a bound: a failure when it is longer even without the stalls, in doubt
     * when only the stalls make it longer.
     *
     * @param what a sentence's beginning that names what took so long, such as {@code etcd-2 acknowledged no write}
     */
    void judge(
            Findings findings,
            String kind,
            String what,
            Duration from,
            Duration to,
            DrillPlan.Bound bound,
            Operation... shown) {
        Duration measured = to.minus(from);
        if (measured.compareTo(bound.value()) <= 0) {
            return;
        }
        Duration stalled = within(from, to);
        String sentence = what + " for " + Wording.time(measured) + " from " + Wording.time(from) + " on; allowed are "
                + Wording.time(bound.value()) + " (" + bound.source() + ")";
        if (measured.minus(stalled).compareTo(bound.value()) <= 0) {
            findings.inconclusive(blamed(sentence, stalled));
        } else {
            findings.fail(
                    kind,
                    sentence
                            + (stalled.isZero()
                                    ? "."
                                    : ", and the host stalled for only " + Wording.time(stalled) + "."),
                    shown);
        }
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
