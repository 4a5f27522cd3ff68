package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.fresh;
import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Header;
import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The snapshot that is restored has revision 5; the restored cluster starts at revision 1,000,000,005. */
class RestoreCheckTest {
    private static final String ID = "restore";
    private static final long BUMPED = 1_000_000_005L;

    /** What the snapshot holds: /k was put at 2 and at 4, /l at 3 and deleted at 5; /m at 6 came too late. */
    private static final KeyValue KEY = new KeyValue("/k", "c", 2, 4, 2);

    private final RecordedAttempt attempt = new RecordedAttempt()
            .put("etcd-1", 10, 20, "/k", "a", 2)
            .put("etcd-1", 110, 120, "/l", "b", 3)
            .put("etcd-1", 210, 220, "/k", "c", 4)
            .delete("etcd-1", 230, 240, "/l", 1, 5)
            .put("etcd-1", 310, 320, "/m", "d", 6);

    private RecordedAttempt backup(
            long started, long at, int exitCode, Optional<String> file, Optional<Long> revision) {
        return attempt.observe(new Observation.Backup(
                ms(at), ms(started), "cluster-1", "etcd-2", exitCode, file, revision, "last words"));
    }

    private RecordedAttempt oneBackup() {
        return backup(205, 300, 0, Optional.of("/var/backups/etcd/three"), Optional.of(5L));
    }

    private RecordedAttempt restored(boolean ready, Optional<Long> revision) {
        return attempt.observe(new Observation.Restore(
                        ms(500), "cluster-2", "cluster-1", "three", revision, ready, "etcd-1: no such file"))
                .in("cluster-2");
    }

    private RecordedAttempt states(long revision, KeyValue... keyValues) {
        RecordedAttempt.MEMBERS.forEach(member -> attempt.state("restored", member, 600, revision, keyValues));
        return attempt;
    }

    private RecordedAttempt oldWatch(Optional<Long> compactRevision) {
        return attempt.observe(
                new Observation.OldWatch(ms(700), "cluster-2", "etcd-1", 3, compactRevision, 4, "still open"));
    }

    private RecordedAttempt wellRestored() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED, KEY);
        return oldWatch(Optional.of(BUMPED));
    }

    @Test
    void exactly_the_snapshots_keys_with_the_promised_bump_pass() {
        wellRestored().put("etcd-1", 800, 810, "/k", "e", BUMPED + 1).passes(ID);
    }

    @Test
    void a_backup_script_that_fails_fails() {
        wellRestored();
        backup(330, 340, 5, Optional.empty(), Optional.empty())
                .fails(ID, "The backup script on etcd-2", "exit code 5: last words");
    }

    @Test
    void a_backup_script_that_leaves_no_file_fails() {
        wellRestored();
        backup(330, 340, 0, Optional.empty(), Optional.empty()).fails(ID, "left no file");
    }

    @Test
    void a_backup_script_that_leaves_a_file_nobody_can_read_fails() {
        wellRestored();
        backup(330, 340, 0, Optional.of("four"), Optional.empty())
                .fails(ID, "a file four that is no readable snapshot");
    }

    @Test
    void a_kept_snapshot_that_nobody_restored_is_inconclusive() {
        wellRestored();
        backup(305, 308, 0, Optional.of("/var/backups/etcd/four"), Optional.of(5L))
                .isInconclusive(ID, "left /var/backups/etcd/four, which was never restored");
    }

    @Test
    void a_snapshot_without_writes_while_it_ran_is_inconclusive() {
        wellRestored();
        backup(130, 140, 0, Optional.of("four"), Optional.of(3L)).isInconclusive(ID, "was not under load: 0 writes");
    }

    @Test
    void a_snapshot_without_writes_afterwards_is_inconclusive() {
        wellRestored();
        backup(305, 340, 0, Optional.of("four"), Optional.of(6L)).isInconclusive(ID, "0 afterwards");
    }

    private RecordedAttempt lease(Optional<Duration> left) {
        return attempt.observe(
                new Observation.RestoredLease(ms(710), "cluster-2", "etcd-1", "/k", Duration.ofHours(6), left));
    }

    @Test
    void a_key_whose_lease_goes_on_or_begins_anew_passes() {
        wellRestored();
        lease(Optional.of(Duration.ofHours(5)));
        lease(Optional.of(Duration.ofHours(6))).passes(ID);
    }

    @Test
    void a_key_that_was_restored_without_its_lease_fails() {
        wellRestored();
        lease(Optional.empty()).fails(ID, "The key /k of cluster-2", "it will never expire");
    }

    @Test
    void a_lease_that_has_more_than_it_was_granted_fails() {
        wellRestored();
        lease(Optional.of(Duration.ofHours(7))).fails(ID, "The key /k of cluster-2", "left");
    }

    @Test
    void a_cluster_that_was_never_written_to_is_restored_without_keys() {
        neverWritten().passes(ID);
    }

    @Test
    void a_key_in_a_restored_cluster_that_was_never_written_to_fails() {
        neverWritten(new KeyValue("/x", "x", BUMPED, BUMPED, 1)).fails(ID, "/x");
    }

    private static RecordedAttempt neverWritten(KeyValue... restored) {
        RecordedAttempt empty =
                new RecordedAttempt().put("etcd-1", 10, 20, "/k", "a", 2).in("cluster-8");
        RecordedAttempt.MEMBERS.forEach(member -> empty.state("end", member, 50, 1));
        empty.observe(new Observation.Backup(
                ms(150), ms(100), "cluster-8", "etcd-2", 0, Optional.of("file"), Optional.of(1L), ""));
        empty.observe(new Observation.Restore(ms(500), "cluster-9", "cluster-8", "file", Optional.of(1L), true, ""))
                .in("cluster-9");
        RecordedAttempt.MEMBERS.forEach(member -> empty.state("restored", member, 600, 1_000_000_001L, restored));
        return empty.observe(
                new Observation.OldWatch(ms(700), "cluster-9", "etcd-1", 2, Optional.of(1_000_000_001L), 0, ""));
    }

    @Test
    void a_restore_that_did_not_become_ready_fails() {
        oneBackup();
        restored(false, Optional.of(5L)).fails(ID, "did not become ready: etcd-1: no such file");
    }

    @Test
    void a_backup_that_the_host_slept_through_is_inconclusive() {
        wellRestored().stall(430, 60);
        backup(340, 440, 5, Optional.empty(), Optional.empty())
                .isInconclusive(ID, "exit code 5", "But the host stalled for 0.060 s");
    }

    @Test
    void a_short_stall_excuses_no_backup() {
        wellRestored().stall(430, 40);
        backup(340, 440, 5, Optional.empty(), Optional.empty()).fails(ID, "exit code 5");
    }

    @Test
    void a_restore_that_the_host_slept_through_is_inconclusive() {
        oneBackup().stall(450, 120);
        restored(false, Optional.of(5L))
                .isInconclusive(ID, "did not become ready", "But the host stalled for 0.120 s of it");
    }

    @Test
    void a_short_stall_excuses_no_restore() {
        oneBackup().stall(450, 90);
        restored(false, Optional.of(5L)).fails(ID, "did not become ready");
    }

    @Test
    void a_restore_that_keeps_the_cluster_id_fails() {
        attempt.status(250, "etcd-1", 4, "etcd-1");
        String old = attempt.header("etcd-1", 5).clusterId();
        wellRestored();
        attempt.observe(new Observation.MemberStatus(
                        ms(900),
                        "cluster-2",
                        "etcd-1",
                        Optional.of(new Header(old, attempt.memberId("etcd-1"), BUMPED, 2)),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of()))
                .fails(ID, "cluster-2", "has the cluster id " + old + " of cluster-1", "a new logical cluster");
    }

    @Test
    void a_restore_with_a_cluster_id_of_its_own_passes() {
        attempt.status(250, "etcd-1", 4, "etcd-1");
        wellRestored().status(900, "etcd-1", BUMPED, "etcd-1").passes(ID);
    }

    @Test
    void a_snapshot_whose_revision_cannot_be_read_fails() {
        oneBackup();
        restored(true, Optional.empty()).fails(ID, "revision cannot be read");
    }

    @Test
    void a_key_that_was_not_restored_fails_and_is_named() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED);
        CheckResult result = oldWatch(Optional.of(BUMPED)).fails(ID, "The snapshot restored on etcd-1", "/k as absent");

        assertThat(result.operations()).isNotEmpty();
    }

    @Test
    void a_key_with_an_older_value_than_the_snapshots_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED, fresh("/k", "a", 2));
        oldWatch(Optional.of(BUMPED)).fails(ID, "shows /k = a of revision 2 at revision 5", "put /k = c");
    }

    @Test
    void a_key_from_after_the_snapshot_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED, KEY, fresh("/m", "d", 6));
        oldWatch(Optional.of(BUMPED)).fails(ID, "/m = d of revision 6", "from after the revision");
    }

    @Test
    void a_key_that_was_deleted_before_the_snapshot_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED, KEY, fresh("/l", "b", 3));
        oldWatch(Optional.of(BUMPED)).fails(ID, "/l = b of revision 3", "delete /l");
    }

    @Test
    void a_key_that_nobody_ever_wrote_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED, KEY, new KeyValue("/x", "x", 1, 1, 1));
        oldWatch(Optional.of(BUMPED)).fails(ID, "/x");
    }

    @Test
    void a_key_with_a_changed_version_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED, new KeyValue("/k", "c", 2, 4, 3));
        oldWatch(Optional.of(BUMPED)).fails(ID, "version 3");
    }

    @Test
    void one_member_that_was_restored_differently_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        attempt.state("restored", "etcd-1", 600, BUMPED, KEY)
                .state("restored", "etcd-2", 600, BUMPED, KEY)
                .state("restored", "etcd-3", 600, BUMPED);
        oldWatch(Optional.of(BUMPED)).fails(ID, "The snapshot restored on etcd-3");
    }

    @Test
    void an_unknown_write_may_be_in_the_snapshot_or_not() {
        attempt.unknown("etcd-1", 5, new Request.Put("/n", "n"));
        wellRestored().passes(ID);
    }

    @Test
    void a_restore_without_a_bump_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(5, KEY);
        oldWatch(Optional.of(5L)).fails(ID, "without the promised bump of 1000000000", "has only 5");
    }

    @Test
    void a_revision_below_the_snapshots_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(4, KEY);
        oldWatch(Optional.of(5L)).fails(ID, "is below the snapshot's revision 5");
    }

    @Test
    void an_operation_below_the_bump_fails() {
        wellRestored().put("etcd-1", 800, 810, "/k", "e", 7).fails(ID, "put /k = e", "has only 7");
    }

    @Test
    void a_watch_from_before_that_is_never_told_fails() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED, KEY);
        oldWatch(Optional.empty()).fails(ID, "A watch from revision 3", "was never told", "4 events");
    }

    @Test
    void no_watch_from_before_is_inconclusive() {
        oneBackup();
        restored(true, Optional.of(5L));
        states(BUMPED, KEY).isInconclusive(ID, "No watch from before");
    }

    @Test
    void a_restored_state_that_was_not_recorded_is_inconclusive() {
        oneBackup();
        restored(true, Optional.of(5L));
        List.of("etcd-1", "etcd-2").forEach(member -> attempt.state("restored", member, 600, BUMPED, KEY));
        oldWatch(Optional.of(BUMPED)).isInconclusive(ID, "etcd-3", "was not recorded");
    }

    @Test
    void nothing_restored_is_inconclusive() {
        oneBackup().isInconclusive(ID, "No snapshot was restored");
    }
}
