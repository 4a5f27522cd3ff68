package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What an attempt's {@code verdict.json} holds: all that judging the run needs of the attempt, so that it can be done
 * again without reading its history.
 *
 * @param attempt the verdict
 * @param completed whether every step of the plan was done
 * @param lastRecorded wall clock of the last thing that was recorded; empty where even the history's header is missing
 */
record StoredAttemptVerdict(AttemptVerdict attempt, boolean completed, Optional<Instant> lastRecorded) {
    static final VersionedFile<StoredAttemptVerdict> FILE =
            VersionedFile.json("etcd-drill/attempt-verdict", 1, StoredAttemptVerdict.class);

    StoredAttemptVerdict {
        requireNonNull(attempt, "attempt");
        requireNonNull(lastRecorded, "lastRecorded");
    }
}
