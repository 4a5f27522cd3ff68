package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.fresh;
import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Header;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentityCheckTest {
    private static final String ID = "identity";

    private final RecordedAttempt attempt =
            new RecordedAttempt().put("etcd-1", 10, 20, "/k", "a", 2).put("etcd-2", 30, 40, "/l", "b", 3);

    private RecordedAttempt put(String member, long invoked, Header header) {
        return attempt.ok(member, invoked, invoked + 10, new Request.Put("/m", "c"), new Response.Put(header));
    }

    private RecordedAttempt status(long at, Header header) {
        return attempt.observe(new Observation.MemberStatus(
                ms(at), "cluster-1", "etcd-1", Optional.of(header), Optional.empty(), Optional.empty(), 0, List.of()));
    }

    @Test
    void one_cluster_with_rising_revisions_passes() {
        attempt.status(50, "etcd-1", 3, "etcd-1")
                .end(500, 3, fresh("/k", "a", 2), fresh("/l", "b", 3))
                .passes(ID);
    }

    @Test
    void no_answers_are_inconclusive() {
        new RecordedAttempt().isInconclusive(ID, "No member's answer");
    }

    @Test
    void an_answer_of_another_cluster_fails() {
        CheckResult result =
                put("etcd-1", 50, new Header("c9", "a11", 4, 2)).fails(ID, "put /m = c", "carries cluster id c9", "c1");

        assertThat(result.operations()).extracting(Operation::id).contains(3L);
    }

    @Test
    void a_status_of_another_cluster_fails() {
        status(50, new Header("c9", "a11", 4, 2)).fails(ID, "the status of etcd-1", "cluster id c9");
    }

    @Test
    void a_member_that_answers_under_another_id_fails() {
        put("etcd-1", 50, new Header("c1", "b7", 4, 2)).fails(ID, "member id b7", "etcd-1 was a11");
    }

    @Test
    void a_member_that_was_replaced_after_it_lost_its_data_has_another_id() {
        attempt.fault("f", "data-loss", 45, 48, "etcd-1");
        put("etcd-1", 50, new Header("c1", "b7", 4, 2)).passes(ID);
        put("etcd-1", 70, new Header("c1", "a11", 5, 2)).fails(ID, "member id a11", "etcd-1 was b7");
    }

    @Test
    void a_member_that_keeps_its_id_although_it_lost_its_data_was_not_replaced() {
        attempt.fault("f", "data-loss", 45, 48, "etcd-1");
        put("etcd-1", 60, new Header("c1", "a11", 4, 2)).passes(ID);
        put("etcd-1", 110, new Header("c1", "a11", 4, 2)).fails(ID, "member id a11", "etcd-1 had before");
    }

    @Test
    void a_member_that_still_answered_before_it_was_taken_out_may_come_under_another_id() {
        attempt.fault("f", "data-loss", 45, 48, "etcd-1");
        put("etcd-1", 50, new Header("c1", "a11", 4, 2));
        put("etcd-1", 70, new Header("c1", "b7", 5, 2)).passes(ID);
    }

    @Test
    void a_member_that_was_not_the_one_that_lost_its_data_keeps_its_id() {
        attempt.fault("f", "data-loss", 45, 48, "etcd-2");
        put("etcd-1", 50, new Header("c1", "b7", 4, 2)).fails(ID, "member id b7", "etcd-1 was a11");
    }

    @Test
    void two_members_that_answer_under_one_id_fail() {
        put("etcd-3", 50, new Header("c1", "a11", 4, 2)).fails(ID, "both answer as member a11");
    }

    @Test
    void a_revision_that_falls_fails_even_in_an_exact_serializable_read() {
        CheckResult result = attempt.serializableGet("etcd-2", 50, 60, fresh("/k", "a", 2), 2)
                .fails(ID, "The revision of etcd-2 fell from 3 to 2");

        assertThat(result.operations()).extracting(Operation::id).containsExactly(2L, 3L);
        assertThat(Checks.failing(attempt.evidence())).containsExactly(ID);
    }

    @Test
    void another_member_may_be_behind() {
        attempt.serializableGet("etcd-3", 50, 60, fresh("/k", "a", 2), 2).passes(ID);
    }

    @Test
    void answers_that_overlap_may_come_in_any_order() {
        attempt.serializableGet("etcd-2", 35, 45, fresh("/k", "a", 2), 2).passes(ID);
    }

    @Test
    void a_term_that_falls_fails() {
        put("etcd-1", 50, new Header("c1", "a11", 4, 1)).fails(ID, "The term of etcd-1 fell from 2 to 1");
    }

    @Test
    void a_status_whose_revision_falls_fails() {
        attempt.status(50, "etcd-2", 3, "etcd-1")
                .status(60, "etcd-2", 2, "etcd-1")
                .fails(ID, "The revision of etcd-2 fell from 3 to 2", "the status of etcd-2 at 0.060 s");
    }

    @Test
    void a_status_whose_term_falls_fails() {
        status(50, new Header("c1", "a11", 3, 5));
        status(60, new Header("c1", "a11", 3, 4)).fails(ID, "The term of etcd-1 fell from 5 to 4");
    }

    @Test
    void an_operation_after_a_status_of_a_higher_revision_fails() {
        attempt.status(50, "etcd-2", 3, "etcd-1")
                .serializableGet("etcd-2", 60, 70, fresh("/k", "a", 2), 2)
                .fails(ID, "fell from 3 to 2");
    }

    @Test
    void a_status_whose_asking_time_is_unknown_may_be_older_than_an_operation_before_it() {
        attempt.status(45, "etcd-2", 2, "etcd-1").passes(ID);
    }

    @Test
    void a_restored_cluster_has_an_identity_of_its_own() {
        attempt.in("cluster-2").put("etcd-1", 50, 60, "/k", "c", 1).passes(ID);
    }
}
