package dev.etcddrill.check;

import dev.etcddrill.history.Header;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who led when, by the members' own statuses. */
final class Leadership {
    /**
     * A leader.
     *
     * @param id its member id, as the statuses name it
     * @param member whose id that is; empty where no answer of that member was recorded
     */
    record Leader(String id, Optional<String> member) {
        boolean isAmong(List<String> members) {
            return member.map(members::contains).orElse(false);
        }

        /** For people. */
        String name() {
            return member.orElse("the member " + id);
        }
    }

    private final List<Observation.MemberStatus> statuses = new ArrayList<>();
    private final Map<String, String> membersById = new HashMap<>();

    Leadership(AttemptEvidence evidence) {
        for (Operation operation : evidence.operations()) {
            if (operation.outcome() instanceof Outcome.Ok ok) {
                membersById.putIfAbsent(ok.response().header().memberId(), operation.member());
            }
        }
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.MemberStatus status) {
                statuses.add(status);
                status.header()
                        .map(Header::memberId)
                        .ifPresent(memberId -> membersById.putIfAbsent(memberId, status.member()));
            }
        }
    }

    /** The leader in the highest term that a member reported last before a moment. */
    Optional<Leader> before(Duration moment) {
        Map<String, Observation.MemberStatus> last = new HashMap<>();
        for (Observation.MemberStatus status : statuses) {
            if (status.at().compareTo(moment) <= 0
                    && status.header().isPresent()
                    && status.leaderId().isPresent()) {
                last.put(status.incarnation() + "/" + status.member(), status);
            }
        }
        return last.values().stream()
                .max(Comparator.comparingLong((Observation.MemberStatus status) ->
                                status.header().orElseThrow().term())
                        .thenComparing(Observation.MemberStatus::at))
                .flatMap(Observation.MemberStatus::leaderId)
                .map(id -> new Leader(id, Optional.ofNullable(membersById.get(id))));
    }

    /** Whether a member followed another leader after a moment. */
    boolean succeeded(Leader leader, Duration moment) {
        return statuses.stream()
                .filter(status -> status.at().compareTo(moment) > 0)
                .anyMatch(status -> status.leaderId().isPresent()
                        && !status.leaderId().get().equals(leader.id()));
    }
}
