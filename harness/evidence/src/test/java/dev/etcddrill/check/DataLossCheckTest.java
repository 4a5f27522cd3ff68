package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** etcd-1 loses its data at 1 s and is replaced at 9 s. */
class DataLossCheckTest {
    private static final String ID = "data-loss";

    private final RecordedAttempt attempt = new RecordedAttempt();

    private RecordedAttempt lost(String kind) {
        return attempt.fault("f", kind, 1_000, 9_000, "etcd-1").put("etcd-2", 3_000, 3_010, "/a", "1", 2);
    }

    private RecordedAttempt started(long at, boolean refused) {
        return attempt.observe(
                new Observation.StartAfterDataLoss(ms(at), "cluster-1", "etcd-1", "f", refused, refused ? "no" : ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"data-loss", "data-rollback"})
    void a_member_that_is_refused_under_both_leaders_passes(String kind) {
        lost(kind);
        started(2_000, true);
        started(5_000, true).passes(ID);

        assertThat(Checks.judge(ID, attempt.evidence()).evidence())
                .anySatisfy(line -> assertThat(line).contains("etcd-1", "refused by the deployment in 2 starts"));
    }

    @Test
    void a_member_that_tells_its_status_before_it_is_replaced_fails() {
        lost("data-loss");
        started(2_000, false);
        started(5_000, false);
        attempt.status(2_500, "etcd-1", 7, "etcd-2")
                .fails(ID, "etcd-1 was let start at", "its data was lost (f)", "it told its status");
    }

    @Test
    void a_member_that_answers_an_operation_before_it_is_replaced_fails() {
        lost("data-rollback");
        started(2_000, true);
        started(5_000, false);
        attempt.put("etcd-1", 6_000, 6_010, "/b", "2", 3)
                .fails(ID, "its data was replaced by an older copy (f)", "took part again: put /b = 2");
    }

    @Test
    void a_member_that_runs_on_without_answering_fails() {
        lost("data-loss");
        started(2_000, false);
        started(5_000, false).fails(ID, "its process ran on");
    }

    @Test
    void a_member_that_etcd_itself_keeps_out_passes() {
        lost("data-loss");
        started(2_000, false);
        ended(2_200);
        started(5_000, false);
        ended(5_200).passes(ID);
    }

    @Test
    void a_member_that_etcd_keeps_out_under_the_first_leader_only_fails() {
        lost("data-loss");
        started(2_000, false);
        ended(2_200);
        started(5_000, false).fails(ID, "its process ran on");
    }

    private RecordedAttempt ended(long at) {
        return attempt.observe(new Observation.MemberExit(ms(at), "etcd-1", false, OptionalInt.of(1)));
    }

    @Test
    void what_it_answers_after_it_was_replaced_is_nobodys_fault() {
        lost("data-loss");
        started(2_000, true);
        started(5_000, true);
        attempt.status(9_500, "etcd-1", 7, "etcd-2").passes(ID);
    }

    @Test
    void fewer_than_two_starts_are_inconclusive() {
        lost("data-loss");
        started(2_000, true).isInconclusive(ID, "etcd-1 was started 1 time after", "at least 2");
    }

    @Test
    void others_that_wrote_nothing_meanwhile_are_inconclusive() {
        attempt.fault("f", "data-loss", 1_000, 9_000, "etcd-1");
        started(2_000, true);
        started(5_000, true).isInconclusive(ID, "acknowledged no write while the data of etcd-1 was lost");
    }

    @Test
    void data_that_was_never_taken_is_inconclusive() {
        attempt.fault("f", "data-loss", FaultEvent.Phase.PLANNED, 1_000, "etcd-1")
                .isInconclusive(ID, "No member's data was seen to be destroyed");
    }
}
