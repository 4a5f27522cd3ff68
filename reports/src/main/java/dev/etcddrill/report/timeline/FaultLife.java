package dev.etcddrill.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.plan.DurationText;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One fault from plan to end, put together from its events.
 *
 * @param members all that any of its events names
 * @param links the directions that any of its events names, in order; empty where it hurts members
 * @param strength its parameters that are not zero, such as {@code 300ms}
 * @param times when each phase was entered; a phase that was not reached is absent
 * @param details what the events say, in order, without repetition
 */
public record FaultLife(
        String fault,
        String kind,
        List<String> members,
        List<String> links,
        String strength,
        Map<Phase, Duration> times,
        List<String> details) {
    private static final int MOST_LINKS_NAMED = 2;

    public FaultLife {
        requireNonNull(fault, "fault");
        requireNonNull(kind, "kind");
        members = List.copyOf(members);
        links = List.copyOf(links);
        requireNonNull(strength, "strength");
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
        TreeSet<String> links = new TreeSet<>();
        Map<String, String> parameters = new TreeMap<>();
        List<String> details = new ArrayList<>();
        for (FaultEvent event : events) {
            times.putIfAbsent(event.phase(), event.at());
            members.addAll(event.members());
            links.addAll(event.links());
            parameters.putAll(event.parameters());
            if (!event.detail().isBlank() && !details.contains(event.detail())) {
                details.add(event.detail());
            }
        }
        FaultEvent first = events.get(0);
        return new FaultLife(
                first.fault(),
                first.kind(),
                List.copyOf(members),
                List.copyOf(links),
                parameters.entrySet().stream()
                        .map(parameter -> strength(parameter.getKey(), parameter.getValue()))
                        .filter(words -> !words.isEmpty())
                        .collect(Collectors.joining(", ")),
                times,
                details);
    }

    /** Times in the form of plans, with the name of all but the delay; nothing where it is zero. */
    private static String strength(String name, String value) {
        String words = value;
        if (value.startsWith("PT")) {
            try {
                Duration time = Duration.parse(value);
                words = time.isZero() ? "" : DurationText.format(time);
            } catch (DateTimeParseException e) {
                // A record that was edited: what it says is shown.
            }
        }
        return words.isEmpty() || name.equals("delay") ? words : name + " " + words;
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

    /** What was done to whom, such as {@code kill etcd-2} or {@code latency 300ms etcd-1 -> etcd-2}. */
    public String label() {
        String what = strength.isEmpty() ? kind : kind + " " + strength;
        if (links.isEmpty()) {
            return members.isEmpty() ? what : what + " " + String.join(", ", members);
        } else if (links.size() <= MOST_LINKS_NAMED) {
            return what + " " + String.join(", ", links);
        }
        return what + " " + links.size() + " directions of " + commonEnd().orElse(members.size() + " members");
    }

    /** The end that all of its directions share. */
    private Optional<String> commonEnd() {
        return members.stream()
                .filter(member ->
                        links.stream().allMatch(link -> link.startsWith(member + " ") || link.endsWith(" " + member)))
                .findFirst();
    }
}
