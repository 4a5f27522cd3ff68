package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Request;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The objective is 3 s; etcd-1 leads until it is lost at 10 s. */
class LeaderLossCheckTest {
    private static final String ID = "leader-loss";

    private final RecordedAttempt attempt = new RecordedAttempt()
            .put("etcd-1", 5_000, 5_010, "/k", "a", 2)
            .status(9_000, "etcd-1", 2, "etcd-1")
            .status(9_000, "etcd-2", 2, "etcd-1");

    private RecordedAttempt lost(String kind) {
        return attempt.fault("f", kind, 10_000, 20_000, "etcd-1");
    }

    private RecordedAttempt succeeded() {
        return attempt.status(12_000, "etcd-2", 2, "etcd-2");
    }

    @Test
    void writes_that_go_on_within_the_objective_pass_and_are_told_per_kind() {
        lost("kill");
        attempt.fault("g", "terminate", 30_000, 40_000, "etcd-2");
        succeeded().put("etcd-3", 11_400, 11_420, "/l", "b", 3).put("etcd-3", 30_005, 30_030, "/m", "c", 4);
        attempt.put("etcd-3", 30_040, 30_045, "/n", "d", 5).status(31_000, "etcd-3", 5, "etcd-3");

        CheckResult result = Checks.judge(ID, attempt.evidence());

        assertThat(result.verdict()).isInstanceOf(Verdict.Pass.class);
        assertThat(result.figures())
                .extracting(Figure::name, Figure::values, Figure::bound)
                .containsExactly(
                        tuple("write gap after kill", List.of(ms(1_420)), Optional.of(RecordedAttempt.WRITE_GAP)),
                        tuple("write gap after SIGTERM", List.of(ms(30)), Optional.of(RecordedAttempt.WRITE_GAP)));
        assertThat(result.evidence()).contains("2 leaders lost, a new one seen after 2 of them");
    }

    @Test
    void a_gap_above_the_objective_fails() {
        lost("kill");
        CheckResult result = succeeded()
                .put("etcd-3", 13_100, 13_200, "/l", "b", 3)
                .fails(ID, "took the leader etcd-1", "no write was acknowledged for 3.200 s", "3.000 s");

        assertThat(result.operations()).extracting(Operation::id).containsExactly(2L);
    }

    @Test
    void a_write_that_the_old_leader_still_served_does_not_hide_the_gap() {
        lost("terminate");
        succeeded()
                .put("etcd-2", 10_002, 10_008, "/l", "b", 3)
                .put("etcd-3", 13_100, 13_200, "/m", "c", 4)
                .fails(ID, "for 3.192 s from 10.008 s on");
    }

    @Test
    void a_pause_long_after_the_loss_is_no_gap_of_it() {
        lost("kill");
        succeeded()
                .put("etcd-3", 11_000, 11_010, "/l", "b", 3)
                .put("etcd-3", 16_000, 16_010, "/m", "c", 4)
                .passes(ID);
    }

    @Test
    void a_write_on_the_lost_member_does_not_end_the_gap() {
        lost("kill");
        succeeded()
                .put("etcd-1", 10_500, 10_510, "/l", "b", 3)
                .put("etcd-3", 13_100, 13_200, "/m", "c", 4)
                .fails(ID, "3.200 s");
    }

    @Test
    void writes_that_never_come_back_fail() {
        lost("kill");
        succeeded()
                .unknown("etcd-2", 14_000, new Request.Put("/l", "b"))
                .fails(ID, "no write was acknowledged again for 5.000 s");
    }

    @Test
    void a_record_that_ends_within_the_objective_is_inconclusive() {
        lost("kill");
        succeeded()
                .unknown("etcd-2", 11_000, new Request.Put("/l", "b"))
                .isInconclusive(ID, "before the record ends, 2.000 s later");
    }

    @Test
    void a_gap_that_the_host_slept_through_is_inconclusive() {
        lost("kill").stall(12_000, 1_500);
        succeeded().put("etcd-3", 13_100, 13_200, "/l", "b", 3).isInconclusive(ID, "the host stalled for 1.500 s");
    }

    @Test
    void a_fault_on_a_follower_loses_no_leader() {
        attempt.fault("f", "kill", 10_000, 20_000, "etcd-2")
                .put("etcd-3", 18_000, 18_010, "/l", "b", 3)
                .isInconclusive(ID, "The leader was never lost");
    }

    @Test
    void one_fault_of_several_that_missed_the_leader_is_inconclusive() {
        lost("kill");
        attempt.fault("g", "terminate", 30_000, 40_000, "etcd-3");
        succeeded()
                .put("etcd-3", 11_400, 11_420, "/l", "b", 3)
                .isInconclusive(ID, "Fault g hit etcd-3, but etcd-2 led then");
    }

    @Test
    void a_leader_lost_with_the_majority_is_not_judged() {
        attempt.fault("f", "kill", 10_000, 20_000, "etcd-1", "etcd-2")
                .put("etcd-3", 21_000, 21_010, "/l", "b", 3)
                .isInconclusive(ID, "The leader was never lost");
    }

    @Test
    void an_unknown_leader_is_inconclusive() {
        new RecordedAttempt()
                .fault("f", "kill", 10_000, 20_000, "etcd-1")
                .put("etcd-3", 11_000, 11_010, "/l", "b", 3)
                .isInconclusive(ID, "Who was leader", "not recorded");
    }

    @Test
    void no_successor_seen_is_inconclusive() {
        lost("kill").put("etcd-3", 11_000, 11_010, "/l", "b", 3).isInconclusive(ID, "new leader");
    }
}
