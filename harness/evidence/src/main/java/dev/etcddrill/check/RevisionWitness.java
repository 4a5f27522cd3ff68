package dev.etcddrill.check;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges one incarnation by its revisions. In this order:
 *
 * <ol>
 *   <li>every write has a revision of its own, above the state that the incarnation started from;
 *   <li>real time: whoever is asked after a revision was told answers from that revision or a later one, a write from a
 *       later one. A serializable get may be old, so it is not bound itself;
 *   <li>every read, also a serializable one and a member's whole state, shows exactly the state at its revision;
 *   <li>transactions and deletes found what was there one revision before theirs;
 *   <li>what only an unknown write can explain has one that can: asked early enough, with a revision left for it, and
 *       one for each;
 *   <li>every revision up to the highest was asked for by somebody.
 * </ol>
 *
 * <p>Where an unknown write that nobody saw makes a fact ambiguous, nothing is said: an alarm here is certain.
 */
final class RevisionWitness {
    /** A state that only an unknown write of a key can explain, with the revisions between which it must have happened. */
    private record Demand(Episode episode, long upTo, String sentence, List<Operation> operations) {}

    /** What a key needs after a known write of it: one unknown write explains everything seen until the next one. */
    private record Episode(String key, boolean delete, long above) {}

    private final Incarnation incarnation;
    private final boolean recordComplete;
    private final Findings findings;
    private final RealTime realTime;
    private final List<Reading> readings;
    private final WriteIndex index;

    private final Map<Episode, Demand> demands = new HashMap<>();

    /**
     * @param recordComplete whether the record does not break off: else the last operations may be missing from it, and
     *     what they did seems to come from nowhere
     */
    RevisionWitness(Incarnation incarnation, boolean recordComplete, Findings findings) {
        this.incarnation = incarnation;
        this.recordComplete = recordComplete;
        this.findings = findings;
        realTime = new RealTime(incarnation);
        readings = Reading.of(incarnation);
        index = new WriteIndex(incarnation, readings, realTime);
    }

    void judge() {
        if (!index.base().known()) {
            findings.inconclusive("The state that " + incarnation.name()
                    + " was restored to was not recorded, so what it held before its first writes is not judged.");
        }
        ownRevisions();
        realTimeOrder();
        states();
        conditions();
        explanations();
        gaps();
        List<WriteIndex.Write> writes = index.writes();
        long acknowledged =
                writes.stream().filter(WriteIndex.Write::acknowledged).count();
        findings.evidence(incarnation.name() + ": " + Wording.count(acknowledged, "acknowledged write") + ", "
                + Wording.count(writes.size() - acknowledged, "unknown write") + " resolved by readers, "
                + Wording.count(index.unresolved().size(), "unknown write") + " never seen, "
                + Wording.count(readings.size(), "reading") + " replayed");
    }

    private void ownRevisions() {
        index.sharedRevisions().forEach(this::violation);
        long base = index.base().revision();
        for (WriteIndex.Write write : index.writes()) {
            if (write.revision() <= base) {
                findings.fail(
                        "writes below the first revision",
                        "The " + Wording.operation(write.operation()) + " has revision " + write.revision() + ", but "
                                + incarnation.name() + " started from revision " + base + ".",
                        write.operation());
            }
        }
    }

    private void realTimeOrder() {
        for (Operation operation : incarnation.operations()) {
            if (operation.outcome() instanceof Outcome.Ok ok && Reading.linearizable(operation)) {
                inOrder(operation, Wording.revision(ok.response()), operation.acknowledgedWrite());
            }
        }
        for (WriteIndex.Write write : index.writes()) {
            if (!write.acknowledged()) {
                inOrder(write.operation(), write.revision(), true);
            }
        }
    }

    private void inOrder(Operation operation, long revision, boolean write) {
        Optional<RealTime.Told> before = realTime.before(operation.invoked());
        if (before.isEmpty() || revision >= before.get().revision() + (write ? 1 : 0)) {
            return;
        }
        RealTime.Told told = before.get();
        String earlier = told.operation().map(Wording::operation).orElse(told.source());
        List<Operation> shown = new ArrayList<>();
        told.operation().ifPresent(shown::add);
        shown.add(operation);
        findings.fail(
                write ? "writes ordered before what was known before them" : "stale linearizable operations",
                "The " + Wording.operation(operation) + (write ? " has revision " : " was answered from revision ")
                        + revision + ", though revision " + told.revision() + " had been told at "
                        + Wording.time(told.at()) + ", before it was asked: " + earlier + ".",
                shown);
    }

    private void states() {
        for (Reading reading : readings) {
            Optional<WriteIndex.Violation> contradiction = index.contradiction(reading);
            contradiction.ifPresent(this::violation);
            if (contradiction.isEmpty() && reading.shown().isEmpty()) {
                absent(reading);
            }
        }
    }

    /** Demands an unknown delete where the key was there before. */
    private void absent(Reading reading) {
        Optional<WriteIndex.Write> newest = index.newest(reading.key(), reading.revision());
        boolean there = newest.map(write -> !write.deletes())
                .orElse(index.base().keyValues().containsKey(reading.key()));
        if (there) {
            long since =
                    newest.map(WriteIndex.Write::revision).orElse(index.base().revision());
            demand(new Demand(
                    new Episode(reading.key(), true, since),
                    reading.revision(),
                    reading.reader() + " found it absent",
                    reading.operation().map(List::of).orElse(List.of())));
        }
    }

    private void demand(Demand demand) {
        demands.merge(demand.episode(), demand, (one, other) -> one.upTo() <= other.upTo() ? one : other);
    }

    private void conditions() {
        for (Operation operation : incarnation.operations()) {
            if (!(operation.outcome() instanceof Outcome.Ok ok)) {
                continue;
            }
            if (ok.response() instanceof Response.OptimisticPut response
                    && operation.request() instanceof Request.OptimisticPut request) {
                if (response.succeeded()) {
                    compareHeld(operation, request, Wording.revision(response));
                } else {
                    compareFailed(operation, request, response.current());
                }
            } else if (ok.response() instanceof Response.Delete response && response.deleted() > 0) {
                deleted(operation, response);
            }
        }
    }

    private void compareFailed(Operation operation, Request.OptimisticPut request, Optional<KeyValue> current) {
        long modRevision = current.map(KeyValue::modRevision).orElse(0L);
        if (modRevision == request.expectedModRevision()) {
            findings.fail(
                    "transactions whose compare went wrong",
                    "The " + Wording.operation(operation) + " was refused, though the key had just that mod revision.",
                    operation);
        }
    }

    private void compareHeld(Operation operation, Request.OptimisticPut request, long revision) {
        String key = request.key();
        Optional<WriteIndex.Write> before = index.newest(key, revision - 1);
        if (before.isEmpty() && !index.base().known()) {
            return;
        }
        KeyValue atStart = index.base().keyValues().get(key);
        long modRevision = before.map(write -> write.deletes() ? 0 : write.revision())
                .orElse(atStart == null ? 0 : atStart.modRevision());
        long expected = request.expectedModRevision();
        if (modRevision == expected) {
            return;
        }
        long since = before.map(WriteIndex.Write::revision).orElse(index.base().revision());
        String who = "the " + Wording.operation(operation) + " was carried out";
        if (expected == 0) {
            demand(new Demand(new Episode(key, true, since), revision - 1, who, List.of(operation)));
        } else if (expected > since && expected < revision && index.at(expected).isEmpty()) {
            demand(new Demand(new Episode(key, false, expected - 1), expected, who, List.of(operation)));
        } else {
            List<Operation> shown = new ArrayList<>();
            before.map(WriteIndex.Write::operation).ifPresent(shown::add);
            shown.add(operation);
            findings.fail(
                    "transactions whose compare went wrong",
                    "The " + Wording.operation(operation) + " was carried out, though the key's mod revision was "
                            + modRevision
                            + before.map(write -> ", by " + Wording.operation(write.operation()))
                                    .orElse("") + ".",
                    shown);
        }
    }

    private void deleted(Operation operation, Response.Delete response) {
        if (response.deleted() > 1) {
            findings.fail(
                    "deletes with a wrong count",
                    "The " + Wording.operation(operation) + " says that it removed " + response.deleted()
                            + " keys, but it asked for one.",
                    operation);
        }
        String key = operation.request().key();
        long revision = Wording.revision(response);
        Optional<WriteIndex.Write> before = index.newest(key, revision - 1);
        if (before.isEmpty()
                && (!index.base().known() || index.base().keyValues().containsKey(key))) {
            return;
        }
        if (before.isEmpty() || before.get().deletes()) {
            long since =
                    before.map(WriteIndex.Write::revision).orElse(index.base().revision());
            List<Operation> shown = new ArrayList<>();
            before.map(WriteIndex.Write::operation).ifPresent(shown::add);
            shown.add(operation);
            demand(new Demand(
                    new Episode(key, false, since),
                    revision - 1,
                    "the " + Wording.operation(operation) + " says that it removed it, though it was absent",
                    shown));
        }
    }

    /**
     * Finds for each demand an unknown write of its own. Later demands of a key accept every write that earlier ones
     * do, so taking them in order of revision finds an assignment where there is one.
     */
    private void explanations() {
        List<Demand> open = new ArrayList<>(demands.values());
        open.sort(Comparator.comparing((Demand demand) -> demand.episode().key())
                .thenComparingLong(Demand::upTo)
                .thenComparingLong(demand -> demand.episode().above()));
        Set<Long> used = new HashSet<>();
        for (Demand demand : open) {
            Episode episode = demand.episode();
            Optional<WriteIndex.Unresolved> writer = index.unresolved(episode.key()).stream()
                    .filter(candidate -> candidate.deletes() == episode.delete())
                    .filter(candidate -> !used.contains(candidate.operation().id()))
                    .filter(candidate -> index.mayExplain(candidate, episode.above(), demand.upTo()))
                    .findFirst();
            if (writer.isPresent()) {
                used.add(writer.get().operation().id());
            } else {
                certainOnlyIfComplete(
                        "states that no write explains",
                        "Key " + episode.key() + ": " + demand.sentence() + ". That needs a "
                                + (episode.delete() ? "delete" : "put") + " between revisions " + episode.above()
                                + " and " + demand.upTo()
                                + ", and none was sent whose outcome is open and that could have it.",
                        demand.operations());
            }
        }
    }

    /**
     * Every revision that no known write has must be an unknown one's, each of another, and above what that one's client
     * could know. By Hall's theorem it is enough to count, from the lowest gap up, the unknown writes that reach down to
     * it.
     */
    private void gaps() {
        if (!index.base().known()) {
            return;
        }
        long[] above = index.unresolved().stream()
                .mapToLong(WriteIndex.Unresolved::above)
                .sorted()
                .toArray();
        long gaps = 0;
        int reaching = 0;
        long previous = index.base().revision();
        List<Long> known = new ArrayList<>();
        index.writes().forEach(write -> known.add(write.revision()));
        known.add(realTime.highestRevision() + 1);
        for (long revision : known) {
            // At most one more gap than there are unknown writes is looked at, however wide the hole.
            for (long gap = previous + 1; gap < revision; gap++) {
                gaps++;
                while (reaching < above.length && above[reaching] < gap) {
                    reaching++;
                }
                if (gaps > reaching) {
                    nobodyAsked(gap);
                    return;
                }
            }
            previous = Math.max(previous, revision);
        }
        if (gaps > 0) {
            findings.evidence(incarnation.name() + ": " + Wording.count(gaps, "revision")
                    + " can only be of unknown writes that nobody saw");
        }
    }

    private void nobodyAsked(long gap) {
        List<Operation> shown = new ArrayList<>();
        index.at(gap - 1).map(WriteIndex.Write::operation).ifPresent(shown::add);
        index.at(gap + 1).map(WriteIndex.Write::operation).ifPresent(shown::add);
        certainOnlyIfComplete(
                "revisions that nobody asked for",
                "Revision " + gap + " of " + incarnation.name() + " was made by a write that nobody sent: every write"
                        + " is recorded, and of those with unknown outcome too few could have it ("
                        + index.unresolved().size() + " never seen). A write may have taken effect twice.",
                shown);
    }

    private void violation(WriteIndex.Violation violation) {
        if (violation.kind().perhapsUnrecorded()) {
            certainOnlyIfComplete(violation.kind().plural(), violation.sentence(), violation.operations());
        } else {
            findings.fail(violation.kind().plural(), violation.sentence(), violation.operations());
        }
    }

    private void certainOnlyIfComplete(String kind, String sentence, List<Operation> shown) {
        if (recordComplete) {
            findings.fail(kind, sentence, shown);
        } else {
            findings.inconclusive(
                    sentence + " But the record breaks off, so that operations may be missing from its end.");
        }
    }
}
