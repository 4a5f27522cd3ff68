package dev.etcddrill.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Observation.MemberExit;
import dev.etcddrill.history.Observation.MemberStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * When one member of one incarnation answered and when not, as far as its status was asked for.
 *
 * @param stretches in order of time, without gaps
 */
public record MemberLife(String incarnation, String member, List<Stretch> stretches) {
    public MemberLife {
        requireNonNull(incarnation, "incarnation");
        requireNonNull(member, "member");
        stretches = List.copyOf(stretches);
    }

    /** What was seen of a member. */
    public enum State {
        ANSWERS("answers"),
        SILENT("does not answer"),
        ENDED("process ended");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** For people. */
        public String label() {
            return label;
        }
    }

    /** A stretch in one state. */
    public record Stretch(State state, Interval interval) {
        public Stretch {
            requireNonNull(state, "state");
            requireNonNull(interval, "interval");
        }
    }

    /**
     * All members, by incarnation and name.
     *
     * @param observations in order of time
     * @param faults once the undoing of one began, a process that it ended is no longer known to be gone
     */
    public static List<MemberLife> of(List<Observation> observations, List<FaultLife> faults, Duration recordEnd) {
        TreeMap<String, TreeMap<String, Scan>> scans = new TreeMap<>();
        Map<String, Scan> latest = new HashMap<>();
        Deque<FaultLife> lifted = faults.stream()
                .filter(fault -> fault.at(Phase.LIFTED).isPresent())
                .sorted(Comparator.comparing(fault -> fault.at(Phase.LIFTED).orElseThrow()))
                .collect(Collectors.toCollection(ArrayDeque::new));
        for (Observation observation : observations) {
            while (!lifted.isEmpty()
                    && lifted.peek().at(Phase.LIFTED).orElseThrow().compareTo(observation.at()) <= 0) {
                FaultLife fault = lifted.pop();
                fault.members().stream()
                        .filter(latest::containsKey)
                        .forEach(member -> latest.get(member)
                                .startedAgain(fault.at(Phase.LIFTED).orElseThrow()));
            }
            if (observation instanceof MemberStatus status) {
                Scan scan = scans.computeIfAbsent(status.incarnation(), incarnation -> new TreeMap<>())
                        .computeIfAbsent(status.member(), member -> new Scan());
                scan.status(status);
                latest.put(status.member(), scan);
            } else if (observation instanceof MemberExit exit && latest.containsKey(exit.member())) {
                // An exit names no incarnation: the one that was asked last is the one that ran.
                latest.get(exit.member()).enter(State.ENDED, exit.at());
            }
        }
        List<MemberLife> lives = new ArrayList<>();
        scans.forEach((incarnation, members) -> members.forEach(
                (member, scan) -> lives.add(new MemberLife(incarnation, member, scan.finish(recordEnd)))));
        return List.copyOf(lives);
    }

    private static final class Scan {
        private final List<Stretch> stretches = new ArrayList<>();
        private State state = State.SILENT;
        private Duration since;
        private Duration lastSeen = Duration.ZERO;

        void status(MemberStatus status) {
            lastSeen = status.at();
            if (status.header().isPresent()) {
                enter(State.ANSWERS, status.at());
            } else if (state != State.ENDED) {
                enter(State.SILENT, status.at());
            } else if (since == null) {
                since = status.at();
            }
        }

        void startedAgain(Duration at) {
            if (state == State.ENDED) {
                enter(State.SILENT, at);
            }
        }

        void enter(State next, Duration at) {
            lastSeen = at;
            if (since == null) {
                since = at;
            } else if (next != state) {
                close(at);
                since = at;
            }
            state = next;
        }

        private void close(Duration at) {
            if (at.compareTo(since) > 0) {
                stretches.add(new Stretch(state, new Interval(since, at)));
            }
        }

        List<Stretch> finish(Duration recordEnd) {
            Duration silent = lastSeen.plusSeconds(2);
            close(silent.compareTo(recordEnd) < 0 && state != State.ENDED ? silent : recordEnd);
            return stretches;
        }
    }
}
