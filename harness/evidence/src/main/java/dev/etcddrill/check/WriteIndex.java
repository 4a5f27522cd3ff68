package dev.etcddrill.check;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All writes of one incarnation by key and revision, and with them the state of any key at any revision.
 *
 * <p>A write whose outcome is unknown gets its revision from whoever saw its value: workloads never store a value twice
 * ({@link Request.Put}), so a value names its writer and the mod revision beside it is the write's own. One that nobody
 * saw stays unresolved: it may explain a revision that is not accounted for, or a key that is absent.
 *
 * <p>Building takes time n log n, a lookup log n.
 */
final class WriteIndex {
    /**
     * A write that took effect.
     *
     * @param acknowledged whether its client was told, else its revision comes from a reader
     */
    record Write(long revision, Operation operation, boolean acknowledged) {
        String key() {
            return operation.request().key();
        }

        /** What the key holds from then on; empty for a delete. */
        Optional<String> value() {
            return WriteIndex.value(operation.request());
        }

        boolean deletes() {
            return operation.request() instanceof Request.Delete;
        }
    }

    /** A write of unknown outcome that nobody saw, and the revision that it must be above. */
    record Unresolved(Operation operation, long above) {
        boolean deletes() {
            return operation.request() instanceof Request.Delete;
        }
    }

    /** In what way something contradicts the writes. */
    enum Kind {
        SHARED_REVISION("writes that share a revision"),
        STATE_AT_REVISION("reads that do not show the state at their revision"),
        ABSENT("keys that are absent though nobody deleted them"),
        FROM_NOWHERE("values that nobody wrote"),
        FAILED_WRITE("values of writes that failed for certain"),
        FROM_THE_FUTURE("values read before they were written"),
        APPLIED_TWICE("writes that took effect twice"),
        KEY_META("keys whose version or create revision is wrong");

        private final String plural;

        Kind(String plural) {
            this.plural = plural;
        }

        String plural() {
            return plural;
        }

        /**
         * Whether a write that was not recorded could explain it. Then it is certain only of a record that is whole.
         */
        boolean perhapsUnrecorded() {
            return switch (this) {
                case ABSENT, FROM_NOWHERE, KEY_META -> true;
                case SHARED_REVISION, STATE_AT_REVISION, FAILED_WRITE, FROM_THE_FUTURE, APPLIED_TWICE -> false;
            };
        }
    }

    /** A contradiction, and the operations that show it. */
    record Violation(Kind kind, String sentence, List<Operation> operations) {}

    private static final class KeyWrites {
        private final List<Write> writes = new ArrayList<>();
        private final List<Unresolved> unresolved = new ArrayList<>();
        private long[] createRevisions = new long[0];
        private long[] versions = new long[0];

        /** No unresolved write can have a revision up to this one. */
        private long lowestAbove = Long.MAX_VALUE;

        private void add(Unresolved candidate) {
            unresolved.add(candidate);
            lowestAbove = Math.min(lowestAbove, candidate.above());
        }

        private boolean mayHideOneBefore(long revision) {
            return lowestAbove < revision;
        }

        /** Index of the newest write up to a revision; -1 where there is none. */
        private int floor(long revision) {
            int low = 0;
            int high = writes.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (writes.get(middle).revision() <= revision) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
        }
    }

    private static final KeyWrites NONE = new KeyWrites();

    private final Incarnation.Base base;
    private final List<Operation> operations;
    private final Map<String, KeyWrites> byKey = new LinkedHashMap<>();
    private final Map<Long, Write> byRevision = new HashMap<>();
    private final Map<Long, Long> resolvedRevisions = new HashMap<>();
    private final List<Violation> sharedRevisions = new ArrayList<>();
    private final List<Unresolved> unresolved = new ArrayList<>();
    private final long[] revisions;

    /** Made on the first contradiction only: it is for telling where a wrong value came from. */
    private Map<String, List<Operation>> writersByValue = Map.of();

    /**
     * @param readings everything that anybody saw of this incarnation; they resolve unknown writes
     * @param realTime what had been told when, for the revision that an unknown write must be above
     */
    WriteIndex(Incarnation incarnation, Collection<Reading> readings, RealTime realTime) {
        base = incarnation.base();
        operations = incarnation.operations();
        Map<String, List<Operation>> unknownByValue = new HashMap<>();
        List<Operation> unknown = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.acknowledgedWrite() && operation.outcome() instanceof Outcome.Ok ok) {
                add(new Write(Wording.revision(ok.response()), operation, true));
            } else if (operation.request().writes() && operation.outcome() instanceof Outcome.Unknown) {
                unknown.add(operation);
                value(operation.request())
                        .ifPresent(value -> unknownByValue
                                .computeIfAbsent(value, unused -> new ArrayList<>())
                                .add(operation));
            }
        }
        if (!unknownByValue.isEmpty()) {
            readings.forEach(reading -> resolve(reading, unknownByValue));
        }
        for (Operation operation : unknown) {
            if (!resolvedRevisions.containsKey(operation.id())) {
                Unresolved candidate = new Unresolved(operation, realTime.revisionBefore(operation.invoked()));
                unresolved.add(candidate);
                writesOf(operation.request().key()).add(candidate);
            }
        }
        byKey.forEach(this::countVersions);
        revisions =
                byRevision.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    static Optional<String> value(Request request) {
        if (request instanceof Request.Put put) {
            return Optional.of(put.value());
        } else if (request instanceof Request.OptimisticPut put) {
            return Optional.of(put.value());
        }
        return Optional.empty();
    }

    private KeyWrites writesOf(String key) {
        return byKey.computeIfAbsent(key, unused -> new KeyWrites());
    }

    private void add(Write write) {
        Write other = byRevision.putIfAbsent(write.revision(), write);
        if (other == null) {
            writesOf(write.key()).writes.add(write);
            return;
        }
        sharedRevisions.add(new Violation(
                Kind.SHARED_REVISION,
                "Revision " + write.revision() + " belongs to two writes: " + Wording.operation(other.operation())
                        + " and " + Wording.operation(write.operation()) + ". etcd gives every write its own.",
                List.of(other.operation(), write.operation())));
    }

    private void resolve(Reading reading, Map<String, List<Operation>> unknownByValue) {
        if (reading.shown().isEmpty()) {
            return;
        }
        KeyValue shown = reading.shown().get();
        if (byRevision.containsKey(shown.modRevision())) {
            return;
        }
        for (Operation writer : unknownByValue.getOrDefault(shown.value(), List.of())) {
            if (writer.request().key().equals(shown.key()) && !resolvedRevisions.containsKey(writer.id())) {
                resolvedRevisions.put(writer.id(), shown.modRevision());
                add(new Write(shown.modRevision(), writer, false));
                return;
            }
        }
    }

    private void countVersions(String key, KeyWrites of) {
        of.writes.sort(Comparator.comparingLong(Write::revision));
        of.createRevisions = new long[of.writes.size()];
        of.versions = new long[of.writes.size()];
        KeyValue before = base.keyValues().get(key);
        long createRevision = before == null ? 0 : before.createRevision();
        long version = before == null ? 0 : before.version();
        for (int index = 0; index < of.writes.size(); index++) {
            Write write = of.writes.get(index);
            if (write.deletes()) {
                createRevision = 0;
                version = 0;
            } else {
                createRevision = version == 0 ? write.revision() : createRevision;
                version++;
            }
            of.createRevisions[index] = createRevision;
            of.versions[index] = version;
        }
    }

    Incarnation.Base base() {
        return base;
    }

    /** The write that a revision belongs to, as far as anybody knows. */
    Optional<Write> at(long revision) {
        return Optional.ofNullable(byRevision.get(revision));
    }

    /** The newest known write of a key up to a revision; empty where the base's state still holds. */
    Optional<Write> newest(String key, long revision) {
        KeyWrites of = byKey.getOrDefault(key, NONE);
        int index = of.floor(revision);
        return index < 0 ? Optional.empty() : Optional.of(of.writes.get(index));
    }

    /** All known writes in order of revision. */
    List<Write> writes() {
        List<Write> all = new ArrayList<>(revisions.length);
        for (long revision : revisions) {
            all.add(byRevision.get(revision));
        }
        return all;
    }

    /** Writes of unknown outcome that nobody saw, in order of invocation. */
    List<Unresolved> unresolved() {
        return unresolved;
    }

    List<Unresolved> unresolved(String key) {
        return byKey.getOrDefault(key, NONE).unresolved;
    }

    List<Violation> sharedRevisions() {
        return sharedRevisions;
    }

    /** Whether there is a revision in the interval that no known write has. */
    boolean hasGap(long above, long upTo) {
        long from = Math.max(above, base.revision());
        if (upTo <= from) {
            return false;
        }
        return countUpTo(upTo) - countUpTo(from) < upTo - from;
    }

    private long countUpTo(long revision) {
        int index = Arrays.binarySearch(revisions, revision);
        return index >= 0 ? index + 1 : -index - 1;
    }

    /**
     * Whether an unresolved delete (or put) of the key can have taken effect in the interval of revisions: it was asked
     * early enough, and there is a revision left for it.
     */
    boolean mayExplain(Unresolved candidate, long above, long upTo) {
        return candidate.above() < upTo && hasGap(Math.max(above, candidate.above()), upTo);
    }

    /**
     * Holds a reading against the state at its revision, by replay of the known writes.
     *
     * @return the contradiction; empty where it fits or nothing can be said
     */
    Optional<Violation> contradiction(Reading reading) {
        return reading.shown().isPresent()
                ? contradiction(reading, reading.shown().get())
                : absence(reading);
    }

    private Optional<Violation> absence(Reading reading) {
        Optional<Write> newest = newest(reading.key(), reading.revision());
        boolean there = newest.map(write -> !write.deletes())
                .orElse(base.known() && base.keyValues().containsKey(reading.key()));
        long since = newest.map(Write::revision).orElse(base.revision());
        if (!there
                || unresolved(reading.key()).stream()
                        .anyMatch(
                                candidate -> candidate.deletes() && mayExplain(candidate, since, reading.revision()))) {
            return Optional.empty();
        }
        String writer = newest.map(write -> "it was there since " + Wording.operation(write.operation()))
                .orElse("it was there from the start");
        return violation(
                Kind.ABSENT,
                reading,
                " shows " + reading.key() + " as absent at revision " + reading.revision() + ", but " + writer
                        + ", and nobody deleted it since.",
                newest.map(Write::operation));
    }

    private Optional<Violation> contradiction(Reading reading, KeyValue shown) {
        String shows = " shows " + Wording.shown(reading.key(), reading.shown()) + " at revision " + reading.revision();
        if (!shown.key().equals(reading.key())) {
            return violation(
                    Kind.STATE_AT_REVISION, reading, " was answered with key " + shown.key() + ".", Optional.empty());
        }
        if (shown.modRevision() > reading.revision()) {
            return violation(
                    Kind.STATE_AT_REVISION,
                    reading,
                    shows + ": a value from after the revision that it claims to be read at.",
                    at(shown.modRevision()).map(Write::operation));
        }
        Optional<Write> writer = at(shown.modRevision());
        if (writer.isEmpty()) {
            if (!base.known()) {
                return Optional.empty();
            }
            if (shown.modRevision() > base.revision()) {
                return fromElsewhere(reading, shown, shows, Optional.empty());
            }
            KeyValue before = base.keyValues().get(reading.key());
            if (!shown.equals(before)) {
                return violation(
                        Kind.STATE_AT_REVISION,
                        reading,
                        shows + ", but the restored state has "
                                + Wording.shown(reading.key(), Optional.ofNullable(before)) + ".",
                        Optional.empty());
            }
        } else {
            Operation operation = writer.get().operation();
            if (!writer.get().key().equals(reading.key())
                    || !writer.get().value().equals(Optional.of(shown.value()))) {
                return fromElsewhere(reading, shown, shows, writer);
            }
            if (operation.invoked().compareTo(reading.returned()) > 0) {
                return violation(
                        Kind.FROM_THE_FUTURE,
                        reading,
                        shows + ", at " + Wording.time(reading.returned()) + ", before its writer asked for it: "
                                + Wording.operation(operation) + ".",
                        Optional.of(operation));
            }
        }
        Optional<Write> newest = newest(reading.key(), reading.revision());
        if (newest.isPresent() && newest.get().revision() > shown.modRevision()) {
            return violation(
                    Kind.STATE_AT_REVISION,
                    reading,
                    shows + ", but by then it was changed by "
                            + Wording.operation(newest.get().operation()) + ", at revision "
                            + newest.get().revision() + ".",
                    newest.map(Write::operation));
        }
        return writer.isEmpty() ? Optional.empty() : metaContradiction(reading, shown, writer.get());
    }

    private Optional<Violation> metaContradiction(Reading reading, KeyValue shown, Write writer) {
        KeyWrites of = byKey.get(reading.key());
        int index = of.floor(shown.modRevision());
        boolean fits = shown.version() >= 1
                && shown.createRevision() <= shown.modRevision()
                && (shown.version() == 1) == (shown.createRevision() == shown.modRevision())
                && shown.modRevision() - shown.createRevision() >= shown.version() - 1;
        // A put or delete that nobody saw may lie between, so only a key without one has a known version.
        boolean exact = base.known() && !of.mayHideOneBefore(shown.modRevision());
        if (fits
                && (!exact
                        || (shown.version() == of.versions[index]
                                && shown.createRevision() == of.createRevisions[index]))) {
            return Optional.empty();
        }
        String expected = exact
                ? "version " + of.versions[index] + " and create revision " + of.createRevisions[index]
                : "a version that fits its revisions";
        return violation(
                Kind.KEY_META,
                reading,
                " shows " + Wording.shown(reading.key(), reading.shown()) + " with version " + shown.version()
                        + " and create revision " + shown.createRevision() + "; by the writes it has " + expected + ".",
                Optional.of(writer.operation()));
    }

    /** Tells where a value came from that the writer of its mod revision did not write. */
    private Optional<Violation> fromElsewhere(
            Reading reading, KeyValue shown, String shows, Optional<Write> atRevision) {
        if (writersByValue.isEmpty()) {
            Map<String, List<Operation>> writers = new HashMap<>();
            for (Operation operation : operations) {
                value(operation.request())
                        .ifPresent(value -> writers.computeIfAbsent(value, unused -> new ArrayList<>())
                                .add(operation));
            }
            writersByValue = writers;
        }
        List<Operation> writers = writersByValue.getOrDefault(shown.value(), List.of()).stream()
                .filter(writer -> writer.request().key().equals(shown.key()))
                .toList();
        String owner = atRevision
                .map(write ->
                        " Revision " + write.revision() + " belongs to " + Wording.operation(write.operation()) + ".")
                .orElse("");
        if (writers.isEmpty()) {
            return violation(
                    Kind.FROM_NOWHERE,
                    reading,
                    shows + ", a value that nobody wrote to this key." + owner,
                    atRevision.map(Write::operation));
        }
        for (Operation writer : writers) {
            Long seen = resolvedRevisions.get(writer.id());
            if (seen != null || writer.acknowledgedWrite()) {
                String first = seen != null
                        ? "somebody saw it with revision " + seen
                        : "it was acknowledged with revision "
                                + Wording.revision(((Outcome.Ok) writer.outcome()).response());
                return violation(
                        Kind.APPLIED_TWICE,
                        reading,
                        shows + ", but " + first + ": " + Wording.operation(writer) + ". One write has one revision."
                                + owner,
                        Optional.of(writer));
            }
        }
        Operation writer = writers.get(0);
        if (writer.outcome() instanceof Outcome.Unknown) {
            return violation(
                    Kind.STATE_AT_REVISION,
                    reading,
                    shows + ", written by " + Wording.operation(writer) + "." + owner,
                    Optional.of(writer));
        }
        return violation(
                Kind.FAILED_WRITE,
                reading,
                shows + ", a value that was never stored: " + Wording.operation(writer) + "." + owner,
                Optional.of(writer));
    }

    private static Optional<Violation> violation(
            Kind kind, Reading reading, String predicate, Optional<Operation> other) {
        List<Operation> shown = new ArrayList<>();
        reading.operation().ifPresent(shown::add);
        other.ifPresent(shown::add);
        return Optional.of(new Violation(kind, "T" + reading.reader().substring(1) + predicate, shown));
    }
}
