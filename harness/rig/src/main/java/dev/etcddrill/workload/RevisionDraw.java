package dev.etcddrill.workload;

import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Draws revisions to read and to compact at, near what the clients of one load know of the newest and of the compacted
 * revision: what breaks there breaks at the edges. Safe for use by several threads.
 */
final class RevisionDraw {
    /** Far enough that no load gets there. */
    private static final long FUTURE = 1_000_000;

    /** How far beyond an edge revisions are drawn. */
    private static final int NEAR = 10;

    private final AtomicLong newest = new AtomicLong(1);
    private final AtomicLong compacted = new AtomicLong();

    void learn(Request request, Outcome outcome) {
        if (outcome instanceof Outcome.Ok ok) {
            newest.accumulateAndGet(ok.response().header().revision(), Math::max);
            if (request instanceof Request.Compact compact) {
                compacted.accumulateAndGet(compact.revision(), Math::max);
            }
        }
    }

    /** Of eight draws one of the future, one of the newest, two of what was compacted, one of its edge, and three between. */
    long toRead(Random random) {
        long edge = Math.max(1, compacted.get());
        long last = Math.max(edge, newest.get());
        return switch (random.nextInt(8)) {
            case 0 -> last + FUTURE;
            case 1 -> last;
            case 2, 3 -> Math.max(1, edge - 1 - random.nextInt(NEAR));
            case 4 -> edge;
            default -> edge + (long) (random.nextDouble() * (last - edge));
        };
    }

    /** Of ten draws one of the future, one that was compacted before, and eight that can be carried out. */
    long toCompact(Random random) {
        long edge = Math.max(1, compacted.get());
        long last = Math.max(edge, newest.get());
        return switch (random.nextInt(10)) {
            case 0 -> last + FUTURE;
            case 1 -> Math.max(1, edge - random.nextInt(NEAR));
            default -> Math.min(last, edge + 1 + (long) (random.nextDouble() * (last - edge)));
        };
    }
}
