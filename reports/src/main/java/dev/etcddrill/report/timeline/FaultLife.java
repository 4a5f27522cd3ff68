package dev.etcddrill.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.FaultEvent.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One fault from plan to end, put together from its events.
 *
 * @param members all that any of its events names
 * @param times when each phase was entered; a phase that was not reached is absent
 * @param details what the events say, in order, without repetition
 */
public record FaultLife(
        String fault, String kind, List<String> members, Map<Phase, Duration> times, List<String> details) {
    public FaultLife {
        requireNonNull(fault, "fault");
        requireNonNull(kind, "kind");
        members = List.copyOf(members);
        Map<Phase, Duration> ordered = new EnumMap<>(Phase.class);
        ordered.putAll(times);
        times = Collections.unmodifiableMap(ordered);
        details = List.copyOf(details);
    }

    /** All faults, in order of their first event. */
    public static List<FaultLife> of(List<FaultEvent> events) {
        Map<String, List<FaultEvent>> byFault = new LinkedHashMap<>();
        for (FaultEvent event : events) {
            byFault.computeIfAbsent(event.fault(), id -> new ArrayList<>()).add(event);
        }
        return byFault.values().stream().map(FaultLife::ofOne).toList();
    }

    private static FaultLife ofOne(List<FaultEvent> events) {
        Map<Phase, Duration> times = new EnumMap<>(Phase.class);
        TreeSet<String> members = new TreeSet<>();
        List<String> details = new ArrayList<>();
        for (FaultEvent event : events) {
            times.putIfAbsent(event.phase(), event.at());
            members.addAll(event.members());
            if (!event.detail().isBlank() && !details.contains(event.detail())) {
                details.add(event.detail());
            }
        }
        FaultEvent first = events.get(0);
        return new FaultLife(first.fault(), first.kind(), List.copyOf(members), times, details);
    }

    public Optional<Duration> at(Phase phase) {
        return Optional.ofNullable(times.get(phase));
    }

    /** Whether a probe saw that it took effect. */
    public boolean seen() {
        return times.containsKey(Phase.SEEN);
    }

    /**
     * While the cluster was hurt: from injecting to gone, or to the end of the record where it is not known to be gone.
     *
     * @param recordEnd end of the attempt's record
     * @return empty where the fault was only planned
     */
    public Optional<Interval> active(Duration recordEnd) {
        return at(Phase.INJECTED).or(() -> at(Phase.SEEN)).map(from -> {
            Duration to = at(Phase.GONE).orElse(recordEnd);
            return new Interval(from, to.compareTo(from) < 0 ? from : to);
        });
    }

    /** What was done to whom, such as {@code kill etcd-2}. */
    public String label() {
        return members.isEmpty() ? kind : kind + " " + String.join(", ", members);
    }
}
