package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The objective is 30 s; the fault is lifted at 10 s. */
class RecoveryCheckTest {
    private static final String ID = "recovery";

    private final RecordedAttempt attempt = new RecordedAttempt().fault("f", "kill", 5_000, 10_000, "etcd-1");

    private RecordedAttempt recovered(
            long at, Optional<Duration> firstWrite, Map<String, Duration> reads, Optional<Duration> equalState) {
        return attempt.observe(
                new Observation.Recovery(ms(at), "f", firstWrite, reads, equalState, "etcd-3 was last at revision 7"));
    }

    private static Map<String, Duration> reads(Duration third) {
        Map<String, Duration> reads = new HashMap<>(Map.of("etcd-1", ms(1_000), "etcd-2", ms(20), "etcd-3", third));
        return reads;
    }

    @Test
    void a_quick_recovery_passes_and_is_told_in_figures() {
        CheckResult result = Checks.judge(
                ID,
                recovered(12_000, Optional.of(ms(900)), reads(ms(30)), Optional.of(ms(1_500)))
                        .evidence());

        assertThat(result.verdict()).isInstanceOf(Verdict.Pass.class);
        assertThat(result.figures())
                .extracting(Figure::name, Figure::values, Figure::bound)
                .contains(
                        tuple(
                                "time to first committed write",
                                List.of(ms(900)),
                                Optional.of(RecordedAttempt.FULL_HEALTH)),
                        tuple(
                                "time to equal revision and HashKV",
                                List.of(ms(1_500)),
                                Optional.of(RecordedAttempt.FULL_HEALTH)));
    }

    @Test
    void a_late_first_write_fails() {
        recovered(60_000, Optional.of(ms(30_001)), reads(ms(30)), Optional.of(ms(1_500)))
                .fails(ID, "no first committed write for 30.001 s", "30.000 s (stated in the recipe)");
    }

    @Test
    void a_late_read_on_one_member_fails() {
        recovered(60_000, Optional.of(ms(900)), reads(ms(31_000)), Optional.of(ms(1_500)))
                .fails(ID, "no linearizable read on etcd-3 for 31.000 s");
    }

    @Test
    void late_agreement_fails() {
        recovered(60_000, Optional.of(ms(900)), reads(ms(30)), Optional.of(ms(45_000)))
                .fails(ID, "no equal revision and HashKV for 45.000 s");
    }

    @Test
    void a_recovery_that_never_came_fails_with_what_was_last_seen() {
        recovered(70_000, Optional.of(ms(900)), reads(ms(30)), Optional.empty())
                .fails(ID, "still no equal revision and HashKV", "etcd-3 was last at revision 7");
    }

    @Test
    void a_member_that_never_answered_fails() {
        Map<String, Duration> reads = reads(ms(30));
        reads.remove("etcd-2");
        recovered(70_000, Optional.of(ms(900)), reads, Optional.of(ms(1_500)))
                .fails(ID, "still no linearizable read on etcd-2");
    }

    @Test
    void a_wait_given_up_before_the_bound_is_inconclusive() {
        recovered(20_000, Optional.of(ms(900)), reads(ms(30)), Optional.empty())
                .isInconclusive(ID, "given up before the 30.000 s");
    }

    @Test
    void a_bound_missed_by_less_than_the_host_stalled_is_inconclusive() {
        attempt.stall(30_000, 6_000);
        recovered(60_000, Optional.of(ms(900)), reads(ms(30)), Optional.of(ms(35_000)))
                .isInconclusive(ID, "the host stalled for 6.000 s");
    }

    @Test
    void a_stall_at_another_time_excuses_nothing() {
        attempt.stall(9_000, 6_000);
        recovered(60_000, Optional.of(ms(900)), reads(ms(30)), Optional.of(ms(35_000)))
                .fails(ID, "no equal revision and HashKV");
    }

    @Test
    void a_lifted_fault_whose_recovery_was_not_measured_is_inconclusive() {
        attempt.isInconclusive(ID, "Fault f was lifted", "not measured");
    }

    @Test
    void a_record_that_breaks_off_before_the_recovery_is_inconclusive() {
        attempt.brokenOff().isInconclusive(ID, "breaks off");
    }

    @Test
    void no_lifted_fault_is_inconclusive() {
        new RecordedAttempt()
                .fault("f", "kill", FaultEvent.Phase.INJECTED, 5_000, "etcd-1")
                .isInconclusive(ID, "No fault was lifted");
    }
}
