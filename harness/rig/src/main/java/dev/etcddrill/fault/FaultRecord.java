package dev.etcddrill.fault;

import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.LedgerEntry;
import dev.etcddrill.run.AttemptDirectory;
import java.io.IOException;

/** Where the life of faults is written; what was given is on disk when a call returns. */
public interface FaultRecord {
    /** The clock that times are read from. */
    AttemptClock clock();

    /** Writes a step in the life of a fault. */
    void fault(FaultEvent event) throws IOException;

    /** Writes a step that undoes, or how it went. */
    void ledger(LedgerEntry entry) throws IOException;

    /** The record of an attempt. */
    static FaultRecord of(AttemptDirectory attempt) {
        return new FaultRecord() {
            @Override
            public AttemptClock clock() {
                return attempt.clock();
            }

            @Override
            public void fault(FaultEvent event) throws IOException {
                attempt.fault(event);
            }

            @Override
            public void ledger(LedgerEntry entry) throws IOException {
                attempt.ledger(entry);
            }
        };
    }
}
