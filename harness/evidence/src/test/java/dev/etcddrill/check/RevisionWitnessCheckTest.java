package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.fresh;
import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Request.Consistency;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RevisionWitnessCheckTest {
    private static final String ID = "revision-witness";

    private final RecordedAttempt attempt = new RecordedAttempt();

    /** Puts a at 2 and b at 3 to key /k, both known before 100 ms. */
    private RecordedAttempt twoPuts() {
        return attempt.put("etcd-1", 10, 20, "/k", "a", 2).put("etcd-2", 30, 40, "/k", "b", 3);
    }

    private static KeyValue second() {
        return new KeyValue("/k", "b", 2, 3, 2);
    }

    @Test
    void a_history_of_every_kind_of_operation_passes() {
        twoPuts()
                .get("etcd-3", 100, 110, second(), 3)
                .serializableGet("etcd-1", 110, 120, fresh("/k", "a", 2), 2)
                .update("etcd-1", 120, 130, "/k", 3, "c", 4)
                .refusedUpdate("etcd-2", 140, 150, "/k", 3, "d", Optional.of(new KeyValue("/k", "c", 2, 4, 3)), 4)
                .delete("etcd-1", 160, 170, "/k", 1, 5)
                .delete("etcd-1", 180, 190, "/k", 0, 5)
                .update("etcd-1", 200, 210, "/k", 0, "e", 6)
                .failed("etcd-1", 220, new Request.Put("/k", "never"))
                .end(300, 6, fresh("/k", "e", 6))
                .passes(ID);
    }

    @Test
    void no_operations_are_inconclusive() {
        attempt.isInconclusive(ID, "No operation");
    }

    @Test
    void two_writes_of_one_revision_fail() {
        CheckResult result = attempt.put("etcd-1", 10, 20, "/k", "a", 2)
                .put("etcd-2", 10, 20, "/l", "b", 2)
                .fails(ID, "Revision 2", "two writes", "put /k = a", "put /l = b");

        assertThat(result.operations()).extracting(Operation::id).containsExactly(1L, 2L);
    }

    @Test
    void a_write_of_a_revision_that_was_there_before_the_first_fails() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 1).fails(ID, "revision 1", "started from revision 1");
    }

    @Test
    void a_linearizable_read_of_an_older_revision_than_was_told_before_fails() {
        CheckResult result = twoPuts()
                .get("etcd-3", 100, 110, fresh("/k", "a", 2), 2)
                .fails(ID, "linearizable get /k", "revision 2", "revision 3 had been told at 0.040 s");

        assertThat(result.operations()).extracting(Operation::id).containsExactly(2L, 3L);
    }

    @Test
    void a_linearizable_read_that_overlaps_the_write_may_be_older() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 2)
                .put("etcd-2", 30, 105, "/k", "b", 3)
                .get("etcd-3", 100, 110, fresh("/k", "a", 2), 2)
                .passes(ID);
    }

    @Test
    void a_serializable_read_tells_a_revision_too() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 2)
                .put("etcd-2", 30, 200, "/k", "b", 3)
                .serializableGet("etcd-2", 50, 60, second(), 3)
                .get("etcd-3", 100, 110, fresh("/k", "a", 2), 2)
                .fails(ID, "revision 3 had been told at 0.060 s");
    }

    @Test
    void a_status_tells_a_revision_too() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 2)
                .put("etcd-2", 30, 200, "/k", "b", 3)
                .status(60, "etcd-2", 3, "etcd-1")
                .getAbsent("etcd-3", 100, 110, "/l", 2)
                .fails(ID, "the status of etcd-2");
    }

    @Test
    void a_write_ordered_before_one_that_was_over_fails() {
        attempt.put("etcd-1", 10, 20, "/k", "b", 3)
                .put("etcd-2", 30, 40, "/k", "a", 2)
                .fails(ID, "put /k = a", "has revision 2", "revision 3 had been told");
    }

    @Test
    void a_refused_transaction_is_no_older_than_what_was_told() {
        twoPuts()
                .refusedUpdate("etcd-3", 100, 110, "/k", 9, "c", Optional.of(fresh("/k", "a", 2)), 2)
                .fails(ID, "revision 3 had been told");
    }

    @Test
    void a_read_of_an_old_value_at_a_new_revision_fails() {
        twoPuts()
                .serializableGet("etcd-3", 100, 110, fresh("/k", "a", 2), 3)
                .fails(ID, "shows /k = a of revision 2 at revision 3", "put /k = b");
    }

    @Test
    void a_read_of_a_value_from_after_its_revision_fails() {
        twoPuts().serializableGet("etcd-3", 100, 110, second(), 2).fails(ID, "from after the revision");
    }

    @Test
    void a_read_that_does_not_see_a_key_that_is_there_fails() {
        twoPuts()
                .get("etcd-3", 100, 110, "/k", Consistency.SERIALIZABLE, Optional.empty(), 3)
                .fails(ID, "shows /k as absent at revision 3", "nobody deleted it");
    }

    @Test
    void a_read_that_still_sees_a_deleted_key_fails() {
        twoPuts()
                .delete("etcd-1", 50, 60, "/k", 1, 4)
                .get("etcd-3", 100, 110, second(), 4)
                .fails(ID, "shows /k = b", "delete /k");
    }

    @Test
    void a_read_answered_with_another_key_fails() {
        twoPuts()
                .get("etcd-3", 100, 110, "/l", Consistency.LINEARIZABLE, Optional.of(second()), 3)
                .fails(ID, "was answered with key /k");
    }

    @Test
    void an_else_branch_that_does_not_show_the_state_fails() {
        twoPuts()
                .refusedUpdate("etcd-3", 100, 110, "/k", 9, "c", Optional.of(fresh("/k", "a", 2)), 3)
                .fails(ID, "shows /k = a of revision 2 at revision 3");
    }

    @Test
    void a_final_state_that_does_not_show_the_state_fails() {
        twoPuts().end(200, 3, fresh("/k", "a", 2)).fails(ID, "The state of etcd-1 (end)", "shows /k = a of revision 2");
    }

    @Test
    void a_value_that_nobody_wrote_fails() {
        twoPuts()
                .get("etcd-3", 100, 110, new KeyValue("/k", "x", 2, 3, 2), 3)
                .fails(ID, "a value that nobody wrote to this key");
    }

    @Test
    void a_value_of_a_write_that_failed_for_certain_fails() {
        attempt.failed("etcd-1", 10, new Request.Put("/k", "a"))
                .get("etcd-3", 100, 110, fresh("/k", "a", 2), 2)
                .fails(ID, "a value that was never stored", "connection refused");
    }

    @Test
    void a_value_of_a_transaction_that_was_refused_fails() {
        twoPuts()
                .refusedUpdate("etcd-2", 50, 60, "/k", 2, "c", Optional.of(second()), 3)
                .get("etcd-3", 100, 110, new KeyValue("/k", "c", 2, 4, 3), 4)
                .fails(ID, "a value that was never stored");
    }

    @Test
    void a_value_read_before_it_was_written_fails() {
        attempt.get("etcd-3", 10, 20, fresh("/k", "a", 2), 2)
                .put("etcd-1", 30, 40, "/k", "a", 2)
                .fails(ID, "before its writer asked for it");
    }

    @Test
    void a_write_that_took_effect_twice_fails() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 2)
                .get("etcd-3", 100, 110, new KeyValue("/k", "a", 2, 3, 2), 3)
                .fails(ID, "acknowledged with revision 2", "One write has one revision");
    }

    @Test
    void an_unknown_write_seen_at_two_revisions_fails() {
        attempt.unknown("etcd-1", 10, new Request.Put("/k", "a"))
                .get("etcd-3", 100, 110, fresh("/k", "a", 2), 2)
                .get("etcd-3", 120, 130, new KeyValue("/k", "a", 2, 3, 2), 3)
                .fails(ID, "somebody saw it with revision 2", "One write has one revision");
    }

    @Test
    void a_revision_that_nobody_asked_for_fails() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 2)
                .put("etcd-1", 30, 40, "/k", "b", 4)
                .fails(ID, "Revision 3", "a write that nobody sent");
    }

    @Test
    void the_revision_beyond_the_last_write_counts_too() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 2)
                .getAbsent("etcd-1", 30, 40, "/l", 3)
                .fails(ID, "Revision 3", "a write that nobody sent");
    }

    @Test
    void an_unknown_write_explains_one_revision_but_not_two() {
        attempt.unknown("etcd-1", 5, new Request.Delete("/l"))
                .put("etcd-1", 10, 20, "/k", "a", 3)
                .passes(ID);

        attempt.put("etcd-1", 30, 40, "/k", "b", 5).fails(ID, "Revision 4", "(1 never seen)");
    }

    @Test
    void an_unknown_write_does_not_explain_a_revision_from_before_it_was_asked() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 3)
                .unknown("etcd-1", 50, new Request.Put("/l", "b"))
                .fails(ID, "Revision 2");
    }

    @Test
    void an_unknown_write_that_somebody_saw_has_its_revision() {
        attempt.unknown("etcd-1", 10, new Request.Put("/k", "a"))
                .put("etcd-1", 20, 30, "/l", "b", 3)
                .get("etcd-3", 100, 110, fresh("/k", "a", 2), 3)
                .passes(ID);

        attempt.get("etcd-3", 120, 130, "/k", Consistency.LINEARIZABLE, Optional.empty(), 3)
                .fails(ID, "shows /k as absent at revision 3");
    }

    @Test
    void an_unknown_write_seen_below_what_was_told_before_it_was_asked_fails() {
        attempt.put("etcd-1", 10, 20, "/l", "b", 3)
                .unknown("etcd-1", 50, new Request.Put("/k", "a"))
                .get("etcd-3", 100, 110, fresh("/k", "a", 2), 3)
                .fails(ID, "put /k = a", "has revision 2", "revision 3 had been told");
    }

    @Test
    void an_unknown_delete_explains_an_absent_key() {
        twoPuts()
                .unknown("etcd-1", 50, new Request.Delete("/k"))
                .getAbsent("etcd-3", 100, 110, "/k", 4)
                .passes(ID);
    }

    @Test
    void an_unknown_delete_needs_a_revision_of_its_own() {
        twoPuts()
                .unknown("etcd-1", 50, new Request.Delete("/k"))
                .getAbsent("etcd-3", 100, 110, "/k", 3)
                .fails(ID, "shows /k as absent");
    }

    @Test
    void an_unknown_delete_explains_only_one_absence() {
        twoPuts()
                .unknown("etcd-1", 50, new Request.Delete("/k"))
                .unknown("etcd-1", 51, new Request.Put("/l", "l"))
                .getAbsent("etcd-3", 100, 110, "/k", 4)
                .put("etcd-1", 120, 130, "/k", "c", 5)
                .getAbsent("etcd-3", 140, 150, "/k", 6)
                .fails(ID, "needs a delete between revisions 5 and 6");
    }

    @Test
    void an_unknown_delete_asked_after_the_read_explains_nothing() {
        twoPuts()
                .getAbsent("etcd-3", 100, 110, "/k", 4)
                .unknown("etcd-1", 200, new Request.Delete("/k"))
                .fails(ID, "shows /k as absent");
    }

    @Test
    void a_transaction_carried_out_on_another_mod_revision_fails() {
        twoPuts()
                .update("etcd-1", 100, 110, "/k", 2, "c", 4)
                .fails(ID, "was carried out, though the key's mod revision was 3", "put /k = b");
    }

    @Test
    void a_transaction_that_expected_no_key_carried_out_on_one_fails() {
        twoPuts().update("etcd-1", 100, 110, "/k", 0, "c", 4).fails(ID, "was carried out", "needs a delete");
    }

    @Test
    void a_transaction_that_expected_what_never_was_fails() {
        twoPuts()
                .put("etcd-1", 50, 60, "/l", "l", 4)
                .update("etcd-1", 100, 110, "/k", 4, "c", 5)
                .fails(ID, "was carried out, though the key's mod revision was 3");
    }

    @Test
    void a_transaction_refused_on_the_expected_mod_revision_fails() {
        twoPuts()
                .refusedUpdate("etcd-1", 100, 110, "/k", 3, "c", Optional.of(second()), 3)
                .fails(ID, "was refused, though the key had just that mod revision");
    }

    @Test
    void a_delete_that_counts_a_key_that_was_absent_fails() {
        attempt.put("etcd-1", 10, 20, "/l", "a", 2)
                .delete("etcd-1", 30, 40, "/k", 1, 3)
                .fails(ID, "it was absent", "needs a put");
    }

    @Test
    void a_delete_that_counts_more_than_its_key_fails() {
        twoPuts().delete("etcd-1", 50, 60, "/k", 2, 4).fails(ID, "removed 2 keys");
    }

    @Test
    void a_delete_that_does_not_see_its_key_fails() {
        twoPuts().delete("etcd-1", 50, 60, "/k", 0, 3).fails(ID, "shows /k as absent at revision 3");
    }

    @Test
    void an_unknown_put_explains_what_a_delete_found() {
        attempt.unknown("etcd-1", 10, new Request.Put("/k", "a"))
                .delete("etcd-1", 30, 40, "/k", 1, 3)
                .passes(ID);
    }

    @Test
    void a_wrong_version_fails() {
        twoPuts()
                .get("etcd-3", 100, 110, new KeyValue("/k", "b", 2, 3, 3), 3)
                .fails(ID, "version 3", "by the writes it has version 2 and create revision 2");
    }

    @Test
    void a_wrong_create_revision_fails() {
        attempt.put("etcd-1", 10, 20, "/l", "l", 2)
                .put("etcd-1", 30, 40, "/k", "a", 3)
                .put("etcd-1", 50, 60, "/k", "b", 4)
                .get("etcd-3", 100, 110, new KeyValue("/k", "b", 2, 4, 2), 4)
                .fails(ID, "create revision 2", "create revision 3");
    }

    @Test
    void a_version_that_no_history_can_give_fails_whatever_is_unknown() {
        twoPuts()
                .unknown("etcd-1", 5, new Request.Put("/k", "x"))
                .get("etcd-3", 100, 110, new KeyValue("/k", "b", 2, 3, 9), 3)
                .fails(ID, "version 9", "a version that fits its revisions");
    }

    // Restored clusters.

    private RecordedAttempt restored() {
        return attempt.observe(new Observation.Restore(
                        ms(1), "cluster-2", "cluster-1", "snapshot.db", Optional.of(9L), true, ""))
                .in("cluster-2");
    }

    @Test
    void a_restored_cluster_starts_from_its_restored_state() {
        restored()
                .state("restored", "etcd-1", 2, 1009, fresh("/k", "a", 5))
                .get("etcd-1", 10, 20, fresh("/k", "a", 5), 1009)
                .update("etcd-1", 30, 40, "/k", 5, "b", 1010)
                .get("etcd-1", 50, 60, new KeyValue("/k", "b", 5, 1010, 2), 1010)
                .passes(ID);
    }

    @Test
    void a_restored_key_that_reads_differently_fails() {
        restored()
                .state("restored", "etcd-1", 2, 1009, fresh("/k", "a", 5))
                .get("etcd-1", 10, 20, fresh("/k", "x", 5), 1009)
                .fails(ID, "but the restored state has /k = a");
    }

    @Test
    void a_restored_key_that_vanishes_fails() {
        restored()
                .state("restored", "etcd-1", 2, 1009, fresh("/k", "a", 5))
                .getAbsent("etcd-1", 10, 20, "/k", 1009)
                .fails(ID, "it was there from the start");
    }

    @Test
    void a_restored_cluster_whose_start_was_not_recorded_is_inconclusive() {
        restored()
                .get("etcd-1", 10, 20, fresh("/k", "a", 5), 1009)
                .put("etcd-1", 30, 40, "/k", "b", 1010)
                .isInconclusive(ID, "restored to was not recorded");
    }

    @Test
    void a_cluster_taken_over_from_an_earlier_attempt_starts_from_its_state_then() {
        attempt.state("start", "etcd-1", 2, 50, fresh("/k", "a", 40))
                .get("etcd-1", 10, 20, fresh("/k", "a", 40), 50)
                .put("etcd-1", 30, 40, "/k", "b", 51)
                .passes(ID);

        attempt.put("etcd-1", 50, 60, "/k", "c", 53).fails(ID, "Revision 52");
    }

    // Records that break off.

    @Test
    void what_a_missing_record_could_explain_is_inconclusive_where_the_record_breaks_off() {
        attempt.put("etcd-1", 10, 20, "/k", "a", 2)
                .put("etcd-1", 30, 40, "/k", "b", 4)
                .brokenOff()
                .isInconclusive(ID, "Revision 3", "the record breaks off");
    }

    @Test
    void what_is_certain_fails_also_where_the_record_breaks_off() {
        twoPuts().get("etcd-3", 100, 110, fresh("/k", "a", 2), 2).brokenOff().fails(ID, "revision 3 had been told");
    }

    @Test
    void many_findings_of_one_kind_are_counted_not_listed() {
        for (int number = 0; number < 20; number++) {
            attempt.put("etcd-1", 10, 20, "/k" + number, "v" + number, 2);
        }
        CheckResult result = attempt.fails(ID, "19 writes that share a revision");

        assertThat(result.verdict().reasons()).hasSize(4);
        assertThat(result.operations()).hasSize(4);
    }
}
