package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.fresh;
import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Request;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DurabilityCheckTest {
    private static final String ID = "durability";

    private final RecordedAttempt attempt =
            new RecordedAttempt().put("etcd-1", 10, 20, "/k", "a", 2).put("etcd-2", 30, 40, "/l", "b", 3);

    @Test
    void writes_that_every_member_has_in_the_end_pass() {
        attempt.end(500, 3, fresh("/k", "a", 2), fresh("/l", "b", 3)).passes(ID);
    }

    @Test
    void a_write_that_a_later_one_overwrote_or_deleted_passes() {
        attempt.put("etcd-1", 50, 60, "/k", "c", 4)
                .delete("etcd-1", 70, 80, "/l", 1, 5)
                .end(500, 5, new KeyValue("/k", "c", 2, 4, 2))
                .passes(ID);
    }

    @Test
    void a_write_that_an_unknown_one_may_have_overwritten_or_deleted_passes() {
        attempt.unknown("etcd-1", 50, new Request.Put("/k", "c"))
                .unknown("etcd-1", 50, new Request.Delete("/l"))
                .end(500, 5, new KeyValue("/k", "c", 2, 4, 2))
                .passes(ID);
    }

    @Test
    void an_unknown_delete_without_a_revision_left_for_it_explains_nothing() {
        attempt.unknown("etcd-1", 50, new Request.Delete("/l"))
                .end(500, 3, fresh("/k", "a", 2))
                .fails(ID, "put /l = b", "/l as absent");
    }

    @Test
    void a_put_that_is_missing_on_one_member_fails() {
        CheckResult result = attempt.state("end", "etcd-1", 500, 3, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .state("end", "etcd-2", 500, 3, fresh("/k", "a", 2))
                .state("end", "etcd-3", 500, 3, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .fails(ID, "put /l = b", "was acknowledged, but in the end etcd-2 (at revision 3) has /l as absent");

        assertThat(result.operations()).extracting(Operation::id).containsExactly(2L);
    }

    @Test
    void an_update_of_which_only_the_value_before_is_left_fails() {
        attempt.put("etcd-1", 50, 60, "/k", "c", 4)
                .end(500, 4, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .fails(ID, "put /k = c", "has /k = a of revision 2");
    }

    @Test
    void a_write_of_which_another_value_is_left_at_its_revision_fails() {
        attempt.end(500, 3, fresh("/k", "x", 2), fresh("/l", "b", 3)).fails(ID, "put /k = a", "has /k = x");
    }

    @Test
    void a_deleted_key_that_is_back_fails() {
        attempt.delete("etcd-1", 50, 60, "/k", 1, 4)
                .end(500, 4, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .fails(ID, "delete /k", "has /k = a of revision 2");
    }

    @Test
    void a_transaction_that_is_missing_fails() {
        attempt.update("etcd-1", 50, 60, "/k", 2, "c", 4)
                .end(500, 4, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .fails(ID, "put /k = c if its mod revision is 2");
    }

    @Test
    void a_write_that_no_member_got_as_far_as_fails() {
        attempt.end(500, 2, fresh("/k", "a", 2)).fails(ID, "put /l = b", "and no other member has");
    }

    @Test
    void a_write_that_one_member_did_not_get_as_far_as_is_inconclusive() {
        attempt.state("end", "etcd-1", 500, 3, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .state("end", "etcd-2", 500, 2, fresh("/k", "a", 2))
                .state("end", "etcd-3", 500, 3, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .isInconclusive(ID, "etcd-2", "lost there, or only behind");
    }

    @Test
    void without_final_states_it_is_inconclusive() {
        attempt.isInconclusive(ID, "no final state of etcd-1, etcd-2, etcd-3");
    }

    @Test
    void without_final_states_a_read_after_a_fault_can_show_a_loss() {
        CheckResult result = attempt.fault("f", "kill", 100, 200, "etcd-1")
                .getAbsent("etcd-2", 300, 310, "/k", 3)
                .fails(ID, "put /k = a", "linearizable get /k", "saw /k as absent");

        assertThat(result.operations()).extracting(Operation::id).containsExactly(1L, 3L);
    }

    @Test
    void a_loss_that_a_later_write_covers_up_is_shown_by_the_read_between() {
        attempt.fault("f", "kill", 100, 200, "etcd-1")
                .getAbsent("etcd-2", 300, 310, "/k", 3)
                .put("etcd-1", 400, 410, "/k", "c", 4)
                .end(500, 4, fresh("/k", "c", 4), fresh("/l", "b", 3))
                .fails(ID, "put /k = a", "nobody saw the write again");
    }

    @Test
    void a_stale_read_is_no_loss() {
        attempt.put("etcd-1", 50, 60, "/k", "c", 4)
                .fault("f", "kill", 100, 200, "etcd-1")
                .get("etcd-2", 300, 310, fresh("/k", "a", 2), 3)
                .get("etcd-2", 320, 330, new KeyValue("/k", "c", 2, 4, 2), 4)
                .end(500, 4, new KeyValue("/k", "c", 2, 4, 2), fresh("/l", "b", 3))
                .passes(ID);
    }

    @Test
    void a_cluster_that_a_restore_replaced_needs_no_final_state() {
        attempt.observe(new Observation.Restore(
                        ms(600), "cluster-2", "cluster-1", "snapshot.db", Optional.of(3L), true, ""))
                .in("cluster-2")
                .state("restored", "etcd-1", 700, 1003, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .put("etcd-1", 710, 720, "/k", "c", 1004)
                .end(900, 1004, new KeyValue("/k", "c", 2, 1004, 2), fresh("/l", "b", 3))
                .passes(ID);
    }

    @Test
    void a_write_to_a_restored_cluster_counts_too() {
        attempt.observe(new Observation.Restore(
                        ms(600), "cluster-2", "cluster-1", "snapshot.db", Optional.of(3L), true, ""))
                .in("cluster-2")
                .state("restored", "etcd-1", 700, 1003, fresh("/k", "a", 2))
                .put("etcd-1", 710, 720, "/k", "c", 1004)
                .end(900, 1004, fresh("/k", "a", 2))
                .fails(ID, "put /k = c");
    }

    @Test
    void nothing_acknowledged_is_inconclusive() {
        new RecordedAttempt().end(500, 1).isInconclusive(ID, "No write was acknowledged");
    }
}
