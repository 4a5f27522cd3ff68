package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether acknowledged writes of one incarnation are still there: in each member's final state, and in the linearizable
 * reads that were asked after the first fault. A write is there when its key shows its revision or a later one; a key
 * that is absent shows its newest known delete, or anything at all when a delete of unknown outcome can have come after.
 */
final class Survival {
    /**
     * What became of a write.
     *
     * @param reason where it is lost, or in doubt: a sentence
     * @param reader the operation that did not see it
     */
    record Fate(State state, String reason, Optional<Operation> reader) {}

    enum State {
        KEPT,
        LOST,
        /** A member's final state is older than the write, though another member's has it: perhaps it only lags. */
        BEHIND
    }

    /**
     * One reading of a key.
     *
     * @param revision that it shows
     * @param lowerLater the one that shows the lowest revision of all that were asked later; empty where this one is as
     *     low
     */
    private record Shown(Reading reading, long revision, Optional<Shown> lowerLater) {
        Shown lowest() {
            return lowerLater.orElse(this);
        }
    }

    private final boolean recordComplete;
    private final WriteIndex index;
    private final Map<String, Observation.MemberState> finalStates;
    private final Map<String, Map<String, KeyValue>> finalKeyValues = new LinkedHashMap<>();
    private final long highestFinalRevision;
    private final Map<String, List<Shown>> readings = new HashMap<>();

    /** When a write was last seen by a linearizable read, by its revision. */
    private final Map<Long, Duration> lastSeen = new HashMap<>();

    /**
     * @param recordComplete whether the record does not break off: else a delete may be missing from it, and an absent
     *     key says nothing
     */
    Survival(Incarnation incarnation, List<FaultLife> faults, boolean recordComplete) {
        this.recordComplete = recordComplete;
        index = new WriteIndex(incarnation, Reading.of(incarnation), new RealTime(incarnation));
        finalStates = incarnation.statesAt(Incarnation.END);
        finalStates.forEach((member, state) -> {
            Map<String, KeyValue> byKey = new HashMap<>();
            state.keyValues().forEach(keyValue -> byKey.put(keyValue.key(), keyValue));
            finalKeyValues.put(member, byKey);
        });
        highestFinalRevision = finalStates.values().stream()
                .mapToLong(state -> state.header().revision())
                .max()
                .orElse(0);
        Optional<Duration> firstFault = faults.stream()
                .flatMap(fault -> fault.at(FaultEvent.Phase.INJECTED).stream())
                .min(Comparator.naturalOrder());
        firstFault.ifPresent(first -> collectReadings(incarnation, first));
    }

    private void collectReadings(Incarnation incarnation, Duration firstFault) {
        Map<String, List<Reading>> byKey = new HashMap<>();
        for (Operation operation : incarnation.operations()) {
            if (operation.invoked().compareTo(firstFault) > 0) {
                Reading.of(operation)
                        .filter(Reading::showsTheNewest)
                        .ifPresent(reading -> byKey.computeIfAbsent(reading.key(), unused -> new ArrayList<>())
                                .add(reading));
            }
        }
        byKey.forEach((key, list) -> {
            list.sort(Comparator.comparing(Survival::invoked));
            List<Shown> fromLast = new ArrayList<>();
            Optional<Shown> lowest = Optional.empty();
            for (int at = list.size() - 1; at >= 0; at--) {
                Reading reading = list.get(at);
                long revision = shownRevision(key, reading.shown(), reading.revision());
                Optional<Shown> lower = lowest.filter(later -> later.revision() < revision);
                Shown shown = new Shown(reading, revision, lower);
                fromLast.add(shown);
                lowest = Optional.of(shown.lowest());
                reading.shown()
                        .ifPresent(seen -> lastSeen.merge(
                                seen.modRevision(),
                                invoked(reading),
                                (one, other) -> one.compareTo(other) > 0 ? one : other));
            }
            Collections.reverse(fromLast);
            readings.put(key, fromLast);
        });
    }

    private static Duration invoked(Reading reading) {
        return reading.operation().orElseThrow().invoked();
    }

    private long shownRevision(String key, Optional<KeyValue> shown, long revision) {
        if (shown.isPresent()) {
            return shown.get().modRevision();
        }
        Optional<WriteIndex.Write> newest = index.newest(key, revision);
        long since = newest.map(WriteIndex.Write::revision).orElse(index.base().revision());
        if (!recordComplete
                || index.unresolved(key).stream()
                        .anyMatch(candidate -> candidate.deletes() && index.mayExplain(candidate, since, revision))) {
            return Long.MAX_VALUE;
        }
        // The newest delete, also where a lost put is newer: absent is what that delete left.
        while (newest.isPresent() && !newest.get().deletes()) {
            newest = index.newest(key, newest.get().revision() - 1);
        }
        return newest.map(WriteIndex.Write::revision).orElse(0L);
    }

    WriteIndex index() {
        return index;
    }

    int finalStates() {
        return finalStates.size();
    }

    /** What became of an acknowledged write. */
    Fate fate(WriteIndex.Write write) {
        Optional<Fate> behind = Optional.empty();
        for (Map.Entry<String, Observation.MemberState> entry : finalStates.entrySet()) {
            Fate fate = fate(write, entry.getKey(), entry.getValue());
            if (fate.state() == State.LOST) {
                return fate;
            } else if (fate.state() == State.BEHIND) {
                behind = Optional.of(fate);
            }
        }
        return lostToReader(write).orElse(behind.orElse(KEPT));
    }

    private static final Fate KEPT = new Fate(State.KEPT, "", Optional.empty());

    private Fate fate(WriteIndex.Write write, String member, Observation.MemberState state) {
        long revision = state.header().revision();
        if (revision < write.revision()) {
            String sentence =
                    inTheEnd(write, member, revision) + "has not got as far as its revision " + write.revision();
            return highestFinalRevision < write.revision()
                    ? new Fate(State.LOST, sentence + ", and no other member has.", Optional.empty())
                    : new Fate(State.BEHIND, sentence + ": lost there, or only behind.", Optional.empty());
        }
        Optional<KeyValue> shown =
                Optional.ofNullable(finalKeyValues.get(member).get(write.key()));
        long shownRevision = shownRevision(write.key(), shown, revision);
        boolean otherValue =
                shownRevision == write.revision() && !shown.map(KeyValue::value).equals(write.value());
        if (shownRevision >= write.revision() && !otherValue) {
            return KEPT;
        }
        String sentence = inTheEnd(write, member, revision) + "has " + Wording.shown(write.key(), shown) + ".";
        return new Fate(State.LOST, sentence, Optional.empty());
    }

    private static String inTheEnd(WriteIndex.Write write, String member, long revision) {
        return "The " + Wording.operation(write.operation()) + " was acknowledged, but in the end " + member
                + " (at revision " + revision + ") ";
    }

    private Optional<Fate> lostToReader(WriteIndex.Write write) {
        List<Shown> of = readings.getOrDefault(write.key(), List.of());
        int first = firstAskedAfter(of, write.operation().returned().orElseThrow());
        if (first == of.size() || of.get(first).lowest().revision() >= write.revision()) {
            return Optional.empty();
        }
        Reading reader = of.get(first).lowest().reading();
        Duration seen = lastSeen.get(write.revision());
        if ((seen != null && seen.compareTo(invoked(reader)) > 0) || inFinalState(write)) {
            // It was there afterwards: the read was stale, which is the revision witness's to tell.
            return Optional.empty();
        }
        return Optional.of(new Fate(
                State.LOST,
                "The " + Wording.operation(write.operation()) + " was acknowledged, but the "
                        + Wording.operation(reader.operation().orElseThrow()) + ", asked after a fault, saw "
                        + Wording.shown(write.key(), reader.shown()) + ", and nobody saw the write again.",
                reader.operation()));
    }

    private boolean inFinalState(WriteIndex.Write write) {
        return finalKeyValues.values().stream()
                .anyMatch(state ->
                        state.containsKey(write.key()) && state.get(write.key()).modRevision() == write.revision());
    }

    private static int firstAskedAfter(List<Shown> readings, Duration moment) {
        int low = 0;
        int high = readings.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (invoked(readings.get(middle).reading()).compareTo(moment) > 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
