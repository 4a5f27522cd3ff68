package dev.etcddrill.report.timeline;

import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;

/** Kinds of operations that are available or not for different reasons, so each has a row of its own. */
public enum Traffic {
    /** Needs a leader and a majority. */
    WRITES("writes"),
    /** Needs a leader and a majority, too, but no disk. */
    LINEARIZABLE_READS("linearizable reads"),
    /** Needs nothing but the asked member. */
    SERIALIZABLE_READS("serializable reads");

    private final String label;

    Traffic(String label) {
        this.label = label;
    }

    /** For people, in the plural. */
    public String label() {
        return label;
    }

    public static Traffic of(Request request) {
        if (request instanceof Request.Get get) {
            return of(get.consistency());
        } else if (request instanceof Request.GetAt get) {
            return of(get.consistency());
        }
        return WRITES;
    }

    private static Traffic of(Request.Consistency consistency) {
        return consistency == Request.Consistency.LINEARIZABLE ? LINEARIZABLE_READS : SERIALIZABLE_READS;
    }

    /** Whether the operation shows that its kind is available: an acknowledged write, an answered read. */
    public static boolean succeeded(Operation operation) {
        return operation.request().writes() ? operation.acknowledgedWrite() : operation.outcome() instanceof Outcome.Ok;
    }
}
