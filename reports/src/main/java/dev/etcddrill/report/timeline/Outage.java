package dev.etcddrill.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A stretch in which clients asked and none succeeded.
 *
 * @param ended whether a success ended it; otherwise the record ends before
 */
public record Outage(Traffic traffic, Interval interval, boolean ended) {
    /** Shorter ones are not told: a garbage collection or a slow disk gives them on every machine. */
    public static final Duration SHORTEST = Duration.ofMillis(250);

    public Outage {
        requireNonNull(traffic, "traffic");
        requireNonNull(interval, "interval");
    }

    /**
     * All outages of one kind of traffic. One begins with the last success if something was in flight then, otherwise
     * with the next request, so that a client that does not ask makes no outage.
     *
     * @param operations of an attempt, of any kind, in order of invocation
     */
    public static List<Outage> of(Traffic traffic, List<Operation> operations) {
        List<Operation> asked = operations.stream()
                .filter(operation -> Traffic.of(operation.request()) == traffic)
                .sorted(Comparator.comparing(Operation::invoked))
                .toList();
        if (asked.isEmpty()) {
            return List.of();
        }
        // latestReturn[i]: until when any of the first i + 1 operations was in flight.
        Duration[] latestReturn = new Duration[asked.size()];
        Duration latest = Duration.ZERO;
        Duration recordEnd = Duration.ZERO;
        for (Operation operation : asked) {
            recordEnd = later(recordEnd, operation.returned().orElse(operation.invoked()));
        }
        for (int index = 0; index < asked.size(); index++) {
            latest = later(latest, asked.get(index).returned().orElse(recordEnd));
            latestReturn[index] = latest;
        }
        List<Duration> successes = asked.stream()
                .filter(Traffic::succeeded)
                .map(operation -> operation.returned().orElseThrow())
                .sorted()
                .toList();

        List<Outage> outages = new ArrayList<>();
        Duration previous = asked.get(0).invoked();
        int next = 0;
        for (int index = 0; index <= successes.size(); index++) {
            boolean ended = index < successes.size();
            Duration until = ended ? successes.get(index) : recordEnd;
            while (next < asked.size() && asked.get(next).invoked().compareTo(previous) <= 0) {
                next++;
            }
            if (until.minus(previous).compareTo(SHORTEST) > 0) {
                boolean inFlight = next > 0 && latestReturn[next - 1].compareTo(previous) > 0;
                Duration from = inFlight || next == asked.size()
                        ? previous
                        : asked.get(next).invoked();
                if (until.minus(from).compareTo(SHORTEST) > 0) {
                    outages.add(new Outage(traffic, new Interval(from, until), ended));
                }
            }
            previous = until;
        }
        return List.copyOf(outages);
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
