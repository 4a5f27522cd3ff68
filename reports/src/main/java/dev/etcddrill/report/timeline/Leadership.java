package dev.etcddrill.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.Header;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Observation.MemberStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A stretch in which the members' own statuses name one leader, or none.
 *
 * @param leader name of the member, or its id where no status ties the id to a name; empty where no member that answers
 *     sees a leader
 * @param term Raft term; 0 where no member answers
 */
public record Leadership(String incarnation, Optional<String> leader, long term, Interval interval) {
    public Leadership {
        requireNonNull(incarnation, "incarnation");
        requireNonNull(leader, "leader");
        requireNonNull(interval, "interval");
    }

    /**
     * All stretches, by incarnation and then in order of time. Where members disagree, as in a partition, the highest
     * term that names a leader counts; what a member said counts until it says otherwise, no longer answers, or its
     * process ends, and a leader whose process ended no longer counts.
     */
    public static List<Leadership> of(List<Observation> observations, Duration recordEnd) {
        TreeMap<String, Scan> scans = new TreeMap<>();
        for (Observation observation : observations) {
            if (observation instanceof MemberStatus status) {
                scans.computeIfAbsent(status.incarnation(), Scan::new).names(status);
            }
        }
        for (Observation observation : observations) {
            if (observation instanceof MemberStatus status) {
                scans.get(status.incarnation()).status(status);
            } else if (observation instanceof Observation.MemberExit exit) {
                scans.values().forEach(scan -> scan.exit(exit));
            }
        }
        List<Leadership> all = new ArrayList<>();
        scans.values().forEach(scan -> all.addAll(scan.finish(recordEnd)));
        return List.copyOf(all);
    }

    private record Claim(Optional<String> leaderId, long term) {}

    private static final class Scan {
        private final String incarnation;
        private final Map<String, String> nameOfId = new HashMap<>();
        private final Map<String, String> idOfName = new HashMap<>();
        private final Set<String> ended = new HashSet<>();
        private final TreeMap<String, Claim> claims = new TreeMap<>();
        private final List<Leadership> found = new ArrayList<>();
        private Optional<Claim> current = Optional.empty();
        private Duration since = Duration.ZERO;
        private Duration lastStatus = Duration.ZERO;

        Scan(String incarnation) {
            this.incarnation = incarnation;
        }

        void names(MemberStatus status) {
            if (status.header().isPresent()) {
                String id = status.header().get().memberId();
                nameOfId.put(id, status.member());
                idOfName.put(status.member(), id);
            }
            lastStatus = status.at();
        }

        void status(MemberStatus status) {
            Optional<Header> header = status.header();
            if (header.isPresent()) {
                ended.remove(header.get().memberId());
                claims.put(
                        status.member(),
                        new Claim(status.leaderId(), header.get().term()));
            } else {
                claims.remove(status.member());
            }
            settle(status.at());
        }

        void exit(Observation.MemberExit exit) {
            // An exit names no incarnation: where a member of that name still runs, its next status says so.
            claims.remove(exit.member());
            if (idOfName.containsKey(exit.member())) {
                ended.add(idOfName.get(exit.member()));
            }
            if (current.isPresent()) {
                settle(exit.at());
            }
        }

        private void settle(Duration at) {
            Claim best = new Claim(Optional.empty(), 0);
            for (Claim said : claims.values()) {
                // Followers go on naming a dead leader until their election timeout.
                Claim claim = new Claim(said.leaderId().filter(id -> !ended.contains(id)), said.term());
                boolean names = claim.leaderId().isPresent();
                boolean bestNames = best.leaderId().isPresent();
                if ((names && !bestNames) || (names == bestNames && claim.term() > best.term())) {
                    best = claim;
                }
            }
            if (current.isEmpty()) {
                since = at;
                current = Optional.of(best);
            } else if (!current.get().equals(best)) {
                close(at);
                since = at;
                current = Optional.of(best);
            }
        }

        private void close(Duration at) {
            current.filter(claim -> at.compareTo(since) > 0)
                    .ifPresent(claim -> found.add(new Leadership(
                            incarnation,
                            claim.leaderId().map(id -> nameOfId.getOrDefault(id, id)),
                            claim.term(),
                            new Interval(since, at))));
        }

        List<Leadership> finish(Duration recordEnd) {
            // A cluster that was given up is not asked any more, and has no leader to show from then on.
            Duration silent = lastStatus.plusSeconds(2);
            close(silent.compareTo(recordEnd) < 0 ? silent : recordEnd);
            return found;
        }
    }
}
