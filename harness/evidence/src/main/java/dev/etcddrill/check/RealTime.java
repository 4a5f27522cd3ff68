package dev.etcddrill.check;

import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which revision somebody had been told of before a moment. etcd tells only of committed revisions, also in a
 * serializable read, a status or a state, so whatever was told bounds every linearizable operation that is asked
 * afterwards.
 */
final class RealTime {
    /**
     * Somebody was told a revision.
     *
     * @param source who was told, for people
     */
    record Told(Duration at, long revision, Optional<Operation> operation, String source) {}

    /** In order of time. */
    private final Told[] told;

    /** The highest of the first so many. */
    private final Told[] highest;

    RealTime(Incarnation incarnation) {
        List<Told> all = new ArrayList<>();
        for (Operation operation : incarnation.operations()) {
            if (operation.outcome() instanceof Outcome.Ok ok) {
                all.add(new Told(
                        operation.returned().orElseThrow(),
                        Wording.revision(ok.response()),
                        Optional.of(operation),
                        ""));
            }
        }
        for (Observation.MemberState state : incarnation.states()) {
            all.add(new Told(
                    state.at(), state.header().revision(), Optional.empty(), "the state of " + state.member()));
        }
        for (Observation.MemberStatus status : incarnation.statuses()) {
            status.header()
                    .ifPresent(header -> all.add(new Told(
                            status.at(), header.revision(), Optional.empty(), "the status of " + status.member())));
        }
        all.sort(Comparator.comparing(Told::at));
        told = all.toArray(new Told[0]);
        highest = new Told[told.length];
        for (int index = 0; index < told.length; index++) {
            highest[index] = index > 0 && highest[index - 1].revision() >= told[index].revision()
                    ? highest[index - 1]
                    : told[index];
        }
    }

    /** The highest revision told strictly before a moment, and to whom. */
    Optional<Told> before(Duration moment) {
        int low = 0;
        int high = told.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (told[middle].at().compareTo(moment) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? Optional.empty() : Optional.of(highest[low - 1]);
    }

    /** The highest revision told strictly before a moment; 0 where none was. */
    long revisionBefore(Duration moment) {
        return before(moment).map(Told::revision).orElse(0L);
    }

    /** The highest revision told at all; 0 where none was. */
    long highestRevision() {
        return highest.length == 0 ? 0 : highest[highest.length - 1].revision();
    }
}
