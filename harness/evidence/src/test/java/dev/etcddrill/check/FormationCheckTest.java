package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.ms;

import dev.etcddrill.history.Observation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormationCheckTest {
    private static final String ID = "formation";

    private final RecordedAttempt attempt = new RecordedAttempt();

    @Test
    void a_cluster_that_became_ready_passes() {
        attempt.formed(2_000, true, 1_500, "").passes(ID);
    }

    @Test
    void a_cluster_that_did_not_form_fails_with_what_was_seen() {
        attempt.formed(20_000, false, 19_000, "etcd-2 ended with exit code 1: no such file")
                .fails(ID, "did not become ready within 19.000 s", "etcd-2 ended with exit code 1: no such file");
    }

    @Test
    void a_short_stall_does_not_excuse_it() {
        attempt.stall(10_000, 5_000).formed(20_000, false, 19_000, "why").fails(ID, "why");
    }

    @Test
    void a_wait_that_the_host_slept_through_is_inconclusive() {
        attempt.stall(15_000, 10_000).formed(20_000, false, 19_000, "why").isInconclusive(ID, "stalled for 10.000 s");
    }

    @Test
    void a_cluster_whose_formation_was_not_recorded_is_inconclusive() {
        attempt.formed(10, true, 10, "")
                .in("cluster-2")
                .put("etcd-1", 20, 30, "/k", "a", 2)
                .isInconclusive(ID, "cluster-2");
    }

    @Test
    void a_restore_says_itself_whether_its_cluster_became_ready() {
        attempt.formed(10, true, 10, "")
                .observe(new Observation.Restore(
                        ms(20), "cluster-2", "cluster-1", "snapshot.db", Optional.of(2L), true, ""))
                .passes(ID);
    }

    @Test
    void nothing_recorded_is_inconclusive() {
        attempt.isInconclusive(ID, "No cluster");
    }
}
