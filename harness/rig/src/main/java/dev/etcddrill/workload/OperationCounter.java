package dev.etcddrill.workload;

import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.RevisionRefusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Counts, per member, what came of the operations that were invoked after a moment. Safe for use by several threads. */
public final class OperationCounter {
    private final Duration since;
    private final Map<String, Counts> byMember = new HashMap<>();

    OperationCounter(Duration since) {
        this.since = since;
    }

    synchronized void add(Operation operation) {
        if (operation.invoked().compareTo(since) < 0) {
            return;
        }
        Counts before = of(operation.member());
        boolean acknowledged = operation.acknowledgedWrite();
        boolean serializable = operation.outcome() instanceof Outcome.Ok
                && operation.request() instanceof Request.Get get
                && get.consistency() == Request.Consistency.SERIALIZABLE;
        boolean unknown = operation.outcome() instanceof Outcome.Unknown
                && operation.request().writes();
        boolean compacted = operation.outcome() instanceof Outcome.Ok && operation.request() instanceof Request.Compact;
        Optional<RevisionRefusal> refusal = RevisionRefusal.of(operation.outcome());
        boolean old = operation.request() instanceof Request.GetAt;
        byMember.put(
                operation.member(),
                new Counts(
                        before.acknowledgedWrites() + (acknowledged ? 1 : 0),
                        before.serializableReads() + (serializable ? 1 : 0),
                        before.unknownWrites() + (unknown ? 1 : 0),
                        before.compactions() + (compacted ? 1 : 0),
                        before.oldReads() + (old && operation.outcome() instanceof Outcome.Ok ? 1 : 0),
                        before.compactedReads()
                                + (old && refusal.equals(Optional.of(RevisionRefusal.COMPACTED)) ? 1 : 0)));
        notifyAll();
    }

    /** What was counted for one member so far. */
    public synchronized Counts of(String member) {
        return byMember.getOrDefault(member, new Counts(0, 0, 0, 0, 0, 0));
    }

    /**
     * Waits until the counts are enough.
     *
     * @return whether they are; false where the patience ended first
     */
    public synchronized boolean await(Predicate<OperationCounter> enough, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!enough.test(this)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /**
     * Counts of one member.
     *
     * @param compactions that it acknowledged
     * @param oldReads of revisions by number that it answered
     * @param compactedReads of revisions by number that it refused as compacted
     */
    public record Counts(
            long acknowledgedWrites,
            long serializableReads,
            long unknownWrites,
            long compactions,
            long oldReads,
            long compactedReads) {}
}
