package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.fresh;
import static dev.etcddrill.check.RecordedAttempt.ms;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DivergenceCheckTest {
    private static final String ID = "divergence";
    private static final KeyValue KEY = fresh("/k", "a", 2);

    private final RecordedAttempt attempt = new RecordedAttempt();

    private RecordedAttempt third(long revision, Optional<Long> hash, long compactRevision, KeyValue... keyValues) {
        return attempt.state("end", "etcd-1", 500, 2, Optional.of(7L), 1, KEY)
                .state("end", "etcd-2", 500, 2, Optional.of(7L), 1, KEY)
                .state("end", "etcd-3", 500, revision, hash, compactRevision, keyValues);
    }

    @Test
    void equal_members_pass() {
        third(2, Optional.of(7L), 1, KEY).passes(ID);
    }

    @Test
    void a_member_compacted_at_another_revision_than_all_others_is_inconclusive() {
        third(2, Optional.of(8L), 2, KEY)
                .isInconclusive(ID, "HashKV of etcd-3", "compares with no other member's", "compacted at 2");
    }

    @Test
    void members_all_compacted_at_different_revisions_are_inconclusive() {
        attempt.state("end", "etcd-1", 500, 2, Optional.of(7L), 0, KEY)
                .state("end", "etcd-2", 500, 2, Optional.of(7L), 1, KEY)
                .state("end", "etcd-3", 500, 2, Optional.of(7L), 2, KEY)
                .isInconclusive(ID, "HashKV of etcd-1", "compares with no other member's");
    }

    @Test
    void members_that_compare_with_each_other_but_not_with_the_first_are_compared() {
        attempt.state("end", "etcd-1", 500, 2, Optional.of(7L), 1, KEY)
                .state("end", "etcd-2", 500, 2, Optional.of(8L), 2, KEY)
                .state("end", "etcd-3", 500, 2, Optional.of(9L), 2, KEY)
                .fails(ID, "etcd-2 and etcd-3", "different HashKV at revision 2: 8 and 9");
    }

    @Test
    void a_different_revision_fails() {
        third(3, Optional.of(7L), 1, KEY).fails(ID, "etcd-1 and etcd-3", "different revisions: 2 and 3");
    }

    @Test
    void a_different_hash_fails() {
        third(2, Optional.of(8L), 1, KEY).fails(ID, "etcd-1 and etcd-3", "different HashKV at revision 2: 7 and 8");
    }

    @Test
    void a_different_value_fails_and_is_named() {
        third(2, Optional.of(7L), 1, fresh("/k", "b", 2))
                .fails(ID, "etcd-1 and etcd-3", "disagree about 1 key: /k (a of revision 2", "b of revision 2");
    }

    @Test
    void a_different_version_fails() {
        third(2, Optional.of(7L), 1, new KeyValue("/k", "a", 2, 2, 2)).fails(ID, "version 1", "version 2");
    }

    @Test
    void a_missing_key_fails_and_is_named() {
        third(2, Optional.of(7L), 1).fails(ID, "/k", "absent");
    }

    @Test
    void a_missing_member_is_inconclusive() {
        attempt.state("end", "etcd-1", 500, 2, KEY)
                .state("end", "etcd-2", 500, 2, KEY)
                .isInconclusive(ID, "no final state of etcd-3");
    }

    @Test
    void a_missing_hash_is_inconclusive() {
        third(2, Optional.empty(), 1, KEY).isInconclusive(ID, "no HashKV of etcd-3");
    }

    @Test
    void nothing_recorded_is_inconclusive() {
        attempt.isInconclusive(ID, "none were compared");
    }

    @Test
    void a_cluster_that_a_restore_replaced_needs_no_final_states() {
        attempt.put("etcd-1", 1, 2, "/k", "a", 2)
                .observe(new Observation.Restore(
                        ms(9), "cluster-2", "cluster-1", "snapshot.db", Optional.of(2L), true, ""))
                .in("cluster-2")
                .end(500, 2, KEY)
                .passes(ID);
    }
}
