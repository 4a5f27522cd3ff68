package dev.etcddrill.check;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One cluster's share of an attempt: a restore starts a new incarnation, with a new cluster id and a history of its own
 * (design decision 13).
 *
 * @param origin the restore that started it; empty for a cluster that began empty
 * @param replaced whether a snapshot of it was restored into another one, so that it may have ended for good
 */
record Incarnation(
        String name,
        List<Operation> operations,
        List<Observation.MemberState> states,
        List<Observation.MemberStatus> statuses,
        Optional<Observation.Restore> origin,
        boolean replaced) {
    /** {@link Observation.MemberState#moment()} when the attempt is over. */
    static final String END = "end";

    /**
     * {@link Observation.MemberState#moment()} before the first operation, where an attempt takes over the cluster of the
     * one before.
     */
    static final String START = "start";

    /** {@link Observation.MemberState#moment()} of a cluster that was just restored, before any write. */
    static final String RESTORED = "restored";

    Incarnation {
        operations = List.copyOf(operations);
        states = List.copyOf(states);
        statuses = List.copyOf(statuses);
    }

    /** All incarnations that anything was recorded of, in order of first mention. */
    static List<Incarnation> of(AttemptEvidence evidence) {
        Map<String, List<Operation>> operations = new LinkedHashMap<>();
        Map<String, List<Observation.MemberState>> states = new LinkedHashMap<>();
        Map<String, List<Observation.MemberStatus>> statuses = new LinkedHashMap<>();
        Map<String, Observation.Restore> origins = new LinkedHashMap<>();
        Set<String> sources = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        for (Operation operation : evidence.operations()) {
            operations
                    .computeIfAbsent(operation.incarnation(), unused -> new ArrayList<>())
                    .add(operation);
        }
        names.addAll(operations.keySet());
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.MemberState state) {
                states.computeIfAbsent(state.incarnation(), unused -> new ArrayList<>())
                        .add(state);
                names.add(state.incarnation());
            } else if (observation instanceof Observation.MemberStatus status) {
                statuses.computeIfAbsent(status.incarnation(), unused -> new ArrayList<>())
                        .add(status);
                names.add(status.incarnation());
            } else if (observation instanceof Observation.Formation formation) {
                names.add(formation.incarnation());
            } else if (observation instanceof Observation.Restore restore) {
                origins.putIfAbsent(restore.incarnation(), restore);
                sources.add(restore.source());
                names.add(restore.source());
                names.add(restore.incarnation());
            }
        }
        List<Incarnation> all = new ArrayList<>();
        for (String name : names) {
            all.add(new Incarnation(
                    name,
                    operations.getOrDefault(name, List.of()),
                    states.getOrDefault(name, List.of()),
                    statuses.getOrDefault(name, List.of()),
                    Optional.ofNullable(origins.get(name)),
                    sources.contains(name)));
        }
        return all;
    }

    /** The last state of each member at a moment. */
    Map<String, Observation.MemberState> statesAt(String moment) {
        Map<String, Observation.MemberState> last = new LinkedHashMap<>();
        for (Observation.MemberState state : states) {
            if (state.moment().equals(moment)) {
                last.put(state.member(), state);
            }
        }
        return last;
    }

    /**
     * Whether it must have final states: all but one that a restore replaced and of which nothing was left to read.
     */
    boolean mustHaveFinalStates() {
        return !replaced || !statesAt(END).isEmpty();
    }

    /** Where its history starts. */
    Base base() {
        Map<String, Observation.MemberState> first = origin.isEmpty() ? statesAt(START) : statesAt(RESTORED);
        if (origin.isEmpty() && first.isEmpty()) {
            // mvcc: an empty store is at revision 1, and the first write gets 2.
            return new Base(true, 1, Map.of());
        }
        return first.values().stream()
                .min(Comparator.comparingLong(state -> state.header().revision()))
                .map(state -> {
                    Map<String, KeyValue> keyValues = new LinkedHashMap<>();
                    state.keyValues().forEach(keyValue -> keyValues.put(keyValue.key(), keyValue));
                    return new Base(true, state.header().revision(), keyValues);
                })
                .orElse(new Base(false, 0, Map.of()));
    }

    /** Every key that an operation was about or that was there from the start. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>(base().keyValues().keySet());
        operations.stream()
                .map(Operation::request)
                .filter(request -> !(request instanceof Request.Compact))
                .forEach(request -> keys.add(request.key()));
        return keys;
    }

    /**
     * The state that a history starts from.
     *
     * @param known false where a restored state was not recorded: then nothing can be said of what was there before
     * @param revision up to which the base accounts for everything
     */
    record Base(boolean known, long revision, Map<String, KeyValue> keyValues) {
        Base {
            keyValues = Map.copyOf(keyValues);
        }
    }
}
