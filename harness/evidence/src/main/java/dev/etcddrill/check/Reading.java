package dev.etcddrill.check;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody saw of one key at one revision.
 *
 * @param revision of the store that was read
 * @param returned when it was known
 * @param operation the client's operation; empty for a whole state that a probe read
 * @param state which state, for people; empty for a client's operation
 */
record Reading(
        String key,
        long revision,
        Optional<KeyValue> shown,
        Duration returned,
        Optional<Operation> operation,
        String state) {

    /** All readings of an incarnation: gets, also at old revisions, deletes that found nothing, else branches, and whole states. */
    static List<Reading> of(Incarnation incarnation) {
        List<Reading> readings = new ArrayList<>();
        long base = incarnation.base().revision();
        for (Operation operation : incarnation.operations()) {
            // What was before the base is not known.
            of(operation)
                    .filter(reading -> !(operation.request() instanceof Request.GetAt) || reading.revision() >= base)
                    .ifPresent(readings::add);
        }
        Set<String> keys = incarnation.keys();
        for (Observation.MemberState state : incarnation.states()) {
            String reader = "the state of " + state.member() + " (" + state.moment() + ")";
            readings.addAll(of(state, keys, state.header().revision(), reader));
        }
        return readings;
    }

    /** What an operation saw of its key; empty for one that saw nothing. */
    static Optional<Reading> of(Operation operation) {
        if (!(operation.outcome() instanceof Outcome.Ok ok)) {
            return Optional.empty();
        }
        Response response = ok.response();
        Optional<KeyValue> shown;
        long revision = response.header().revision();
        if (response instanceof Response.Get get) {
            shown = get.keyValue();
        } else if (response instanceof Response.GetAt get) {
            shown = get.keyValue();
            revision = ((Request.GetAt) operation.request()).revision();
        } else if (response instanceof Response.Delete delete && delete.deleted() == 0) {
            shown = Optional.empty();
        } else if (response instanceof Response.OptimisticPut put && !put.succeeded()) {
            shown = put.current();
        } else {
            return Optional.empty();
        }
        return Optional.of(new Reading(
                operation.request().key(),
                revision,
                shown,
                operation.returned().orElseThrow(),
                Optional.of(operation),
                ""));
    }

    /** What a whole state shows: each of its keys, and as absent each of the other known ones. */
    static List<Reading> of(Observation.MemberState state, Iterable<String> knownKeys, long revision, String reader) {
        Map<String, KeyValue> shown = new LinkedHashMap<>();
        state.keyValues().forEach(keyValue -> shown.put(keyValue.key(), keyValue));
        List<Reading> readings = new ArrayList<>();
        shown.forEach((key, keyValue) ->
                readings.add(new Reading(key, revision, Optional.of(keyValue), state.at(), Optional.empty(), reader)));
        for (String key : knownKeys) {
            if (!shown.containsKey(key)) {
                readings.add(new Reading(key, revision, Optional.empty(), state.at(), Optional.empty(), reader));
            }
        }
        return readings;
    }

    /** Who read, for people. */
    String reader() {
        return operation
                .map(by -> "the " + Wording.request(by.request()) + " by process " + by.process() + " on " + by.member()
                        + " at " + Wording.time(by.invoked()))
                .orElse(state);
    }

    /** Whether it shows the newest state: it promised to see every write that completed before it was asked. */
    boolean showsTheNewest() {
        return operation.isPresent()
                && !(operation.get().request() instanceof Request.GetAt)
                && linearizable(operation.get());
    }

    /** Whether etcd ordered the operation by quorum: all but serializable reads. */
    static boolean linearizable(Operation operation) {
        Request request = operation.request();
        return !(request instanceof Request.Get get && get.consistency() == Request.Consistency.SERIALIZABLE)
                && !(request instanceof Request.GetAt getAt && getAt.consistency() == Request.Consistency.SERIALIZABLE);
    }
}
