package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.history.ClockReading;
import dev.etcddrill.history.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What could be read of an attempt's directory.
 *
 * @param evidence what checks judge
 * @param started both clocks at the start; empty where the record breaks off before
 * @param ledger undo steps, in order of recording
 * @param lastRecorded wall clock of the last thing in any of the files but member logs; empty where {@code started} is
 * @param problems what is missing or damaged, a sentence each with file and line; the verdict is not PASS where there is
 *     one
 */
public record AttemptRecord(
        AttemptEvidence evidence,
        Optional<ClockReading> started,
        List<LedgerEntry> ledger,
        Optional<Instant> lastRecorded,
        List<String> problems) {
    public AttemptRecord {
        requireNonNull(evidence, "evidence");
        requireNonNull(started, "started");
        ledger = List.copyOf(ledger);
        requireNonNull(lastRecorded, "lastRecorded");
        problems = List.copyOf(problems);
    }
}
