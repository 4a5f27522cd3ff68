package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.ms;

import dev.etcddrill.history.Observation;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupCheckTest {
    private static final String ID = "backup";

    private final RecordedAttempt attempt = new RecordedAttempt().puts("etcd-1", 0, 100, 9, 2);

    private RecordedAttempt backup(String member, long started, int exitCode, Optional<Long> revision) {
        return attempt.observe(new Observation.Backup(
                ms(started + 50),
                ms(started),
                "cluster-1",
                member,
                exitCode,
                revision.map(number -> "snapshot-" + number + ".db"),
                revision,
                exitCode == 0 ? "" : "no member has a leader and a majority behind it"));
    }

    private RecordedAttempt damaged(int exitCode, boolean dataChanged) {
        return attempt.observe(new Observation.DamagedSnapshot(
                ms(400), "cluster-2", "etcd-1", "one bit flipped", exitCode, dataChanged, "cannot be restored"));
    }

    /** From 200 to 900 ms. */
    private RecordedAttempt isolated(String member, String... others) {
        String[] links = new String[2 * others.length];
        for (int index = 0; index < others.length; index++) {
            links[2 * index] = others[index] + " -> " + member;
            links[2 * index + 1] = member + " -> " + others[index];
        }
        return attempt.linkFault("isolate", "isolate", Map.of(), 200, 900, links);
    }

    @Test
    void aBackupOfAllThatHadBeenAcknowledgedPasses() {
        backup("etcd-2", 150, 0, Optional.of(10L)).passes(ID);
    }

    @Test
    void aBackupThatMissesWhatHadBeenAcknowledgedFails() {
        backup("etcd-2", 150, 0, Optional.of(9L)).fails(ID, "of revision 9, though revision 10 had been told");
    }

    @Test
    void aClusterThatWasNeverWrittenToHasARevisionOfOneAndItsSnapshotNone() {
        RecordedAttempt empty = new RecordedAttempt().state("start", "etcd-1", 100, 1);
        empty.observe(new Observation.Backup(
                ms(200), ms(150), "cluster-1", "etcd-2", 0, Optional.of("a.db"), Optional.of(0L), ""));

        empty.passes(ID);
    }

    @Test
    void aMemberThatIsCutOffMayRefuse() {
        isolated("etcd-2", "etcd-1", "etcd-3");

        backup("etcd-2", 300, 1, Optional.empty()).passes(ID);
    }

    @Test
    void aMemberThatIsCutOffMustNotHandOutAnOldSnapshot() {
        isolated("etcd-2", "etcd-1", "etcd-3");
        attempt.put("etcd-1", 250, 260, "/late", "v", 11);

        backup("etcd-2", 300, 0, Optional.of(10L)).fails(ID, "revision 11 had been told");
    }

    @Test
    void aMemberThatHearsAnotherMustGetItsBackup() {
        isolated("etcd-2", "etcd-3");

        backup("etcd-2", 300, 1, Optional.empty()).fails(ID, "on etcd-2", "ended with exit code 1");
    }

    @Test
    void aRefusalAfterTheCutWasLiftedFails() {
        isolated("etcd-2", "etcd-1", "etcd-3");

        backup("etcd-2", 950, 1, Optional.empty()).fails(ID, "ended with exit code 1");
    }

    @Test
    void aSnapshotThatCannotBeReadFails() {
        attempt.observe(new Observation.Backup(
                ms(200), ms(150), "cluster-1", "etcd-2", 0, Optional.of("a.db"), Optional.empty(), ""));

        attempt.fails(ID, "left no whole snapshot");
    }

    @Test
    void aDamagedSnapshotThatIsRefusedPasses() {
        damaged(1, false).passes(ID);
    }

    @Test
    void aDamagedSnapshotThatIsRestoredFails() {
        damaged(0, true).fails(ID, "one bit flipped", "ended well");
    }

    @Test
    void aRefusalThatLeavesDataBehindFails() {
        damaged(1, true).fails(ID, "left data behind");
    }

    @Test
    void aFailureDuringAStallOfTheHostIsInconclusive() {
        attempt.stall(200, 50);

        backup("etcd-2", 150, 1, Optional.empty()).isInconclusive(ID, "the host stalled");
    }
}
