package dev.etcddrill.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.check.SimulatedAttempt.Flaw;
import dev.etcddrill.check.SimulatedAttempt.Recorded;
import dev.etcddrill.check.SimulatedAttempt.Trouble;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All checks on thousands of seeded histories. The seed is in every message. */
class SimulatedAttemptTest {
    private static final int CORRECT_SEEDS = 2_000;
    private static final int FLAWED_SEEDS = 100;
    private static final int CUT_SEEDS = 300;

    /** What a correct attempt of any shape must pass; the others may lack evidence in one. */
    private static final Set<String> ALWAYS_PASS =
            Set.of("revision-witness", "durability", "identity", "divergence", "formation", "server-log");

    @Test
    void no_check_raises_an_alarm_on_a_correct_history() {
        for (long seed = 0; seed < CORRECT_SEEDS; seed++) {
            AttemptEvidence evidence = SimulatedAttempt.correct(seed).evidence();
            for (Check check : Checks.installed().values()) {
                Verdict verdict = check.judge(evidence).verdict();
                if (ALWAYS_PASS.contains(check.id())) {
                    assertThat(verdict).as("seed %d, %s", seed, check.id()).isInstanceOf(Verdict.Pass.class);
                } else {
                    assertThat(verdict).as("seed %d, %s", seed, check.id()).isNotInstanceOf(Verdict.Fail.class);
                }
            }
        }
    }

    @Test
    void no_check_raises_an_alarm_on_a_correct_history_that_breaks_off() {
        for (long seed = 0; seed < CUT_SEEDS; seed++) {
            AttemptEvidence whole = SimulatedAttempt.correct(seed).evidence();
            AttemptEvidence cut = brokenOff(whole, new Random(seed));
            assertThat(Checks.failing(cut))
                    .as("seed %d: %s", seed, Checks.reasons(cut))
                    .isEmpty();
        }
    }

    /** What is on disk when the JVM is killed: everything up to a moment, and requests without their answers. */
    private static AttemptEvidence brokenOff(AttemptEvidence whole, Random random) {
        List<Operation> operations = new ArrayList<>();
        Duration moment = whole.operations()
                .get(random.nextInt(whole.operations().size()))
                .invoked();
        for (Operation operation : whole.operations()) {
            if (operation.invoked().compareTo(moment) > 0) {
                continue;
            }
            operations.add(
                    operation.returned().orElseThrow().compareTo(moment) <= 0
                            ? operation
                            : new Operation(
                                    operation.id(),
                                    operation.process(),
                                    operation.incarnation(),
                                    operation.member(),
                                    operation.request(),
                                    operation.invoked(),
                                    Optional.empty(),
                                    new Outcome.Unknown("the record ends")));
        }
        return new AttemptEvidence(
                whole.drill(),
                whole.plan(),
                operations,
                whole.faults().stream()
                        .filter(event -> event.at().compareTo(moment) <= 0)
                        .toList(),
                whole.observations().stream()
                        .filter(observation -> observation.at().compareTo(moment) <= 0)
                        .toList(),
                whole.memberLogs(),
                Optional.empty());
    }

    @Test
    void the_same_seed_gives_the_same_history_and_the_same_results() {
        AttemptEvidence once = SimulatedAttempt.correct(7).evidence();
        AttemptEvidence again = SimulatedAttempt.correct(7).evidence();

        assertThat(again).isEqualTo(once);
        Checks.installed()
                .values()
                .forEach(check -> assertThat(check.judge(again)).isEqualTo(check.judge(once)));
    }

    @ParameterizedTest
    @CsvSource({
        "STALE_LINEARIZABLE_READ, revision-witness, 0, false",
        "OLD_VALUE_AT_NEW_REVISION, revision-witness, 0, false",
        "DOUBLE_APPLY, revision-witness, 0, false",
        "PHANTOM_VALUE, revision-witness, 0, false",
        "FAILED_WRITE_TOOK_EFFECT, revision-witness, 0, false",
        "COMPARE_IGNORED, revision-witness, 0, false",
        "COMPARE_WRONGLY_REFUSED, revision-witness, 0, false",
        "DELETE_NOT_COUNTED, revision-witness, 0, false",
        "WRONG_VERSION, revision-witness, 0, false",
        "WRONG_CREATE_REVISION, revision-witness, 0, false",
        "MEMBER_GOES_BACK, identity, 0, false",
        "TERM_GOES_BACK, identity, 0, false",
        "LOST_IN_CRASH, revision-witness, 1, false",
        "ACKNOWLEDGED_WITHOUT_MAJORITY, quorum-tolerance, 1, false",
        "SLOW_ELECTION, leader-loss, 1, false",
        "DUPLICATE_REVISION, revision-witness, 0, false",
        "OTHER_CLUSTER, identity, 0, false",
        "LOST_WRITE, durability, 0, false",
        "DIVERGED_MEMBER, divergence, 0, false",
        "LAGGING_MEMBER, divergence, 0, false",
        "KEY_NOT_RESTORED, restore, 0, true",
        "RESTORED_WITHOUT_BUMP, restore, 0, true",
        "RESTORED_INTO_THE_SAME_CLUSTER, restore, 0, true",
        "COMPACTED_REVISION_ANSWERED, compaction, 0, false",
        "COMPACTION_FORGOTTEN_IN_CRASH, compaction, 1, false",
        "REFUSED_WITHOUT_COMPACTION, compaction, 0, false",
        "REFUSED_AS_FUTURE, compaction, 0, false",
        "COMPACTION_TOOK_A_KEY, revision-witness, 0, false",
    })
    void the_named_check_finds_the_flaw(Flaw flaw, String check, int faults, boolean restore) {
        int flawed = 0;
        List<String> missed = new ArrayList<>();
        for (long seed = 0; seed < FLAWED_SEEDS; seed++) {
            Recorded recorded = SimulatedAttempt.of(seed, flaw, new Trouble(false, faults, restore));
            if (!recorded.flawed()) {
                continue;
            }
            flawed++;
            CheckResult result = Checks.judge(check, recorded.evidence());
            if (!(result.verdict() instanceof Verdict.Fail)) {
                missed.add(
                        "seed " + seed + ": " + result.verdict() + ", failing: " + Checks.failing(recorded.evidence()));
            }
        }
        assertThat(missed).as("%s of %d flawed histories", flaw, flawed).isEmpty();
        assertThat(flawed).as("histories in which %s came to pass", flaw).isGreaterThan(FLAWED_SEEDS / 10);
    }

    /** With unknown outcomes about, a flaw can hide behind one; what does not must still be found. */
    @ParameterizedTest
    @CsvSource({
        "STALE_LINEARIZABLE_READ, revision-witness",
        "OLD_VALUE_AT_NEW_REVISION, revision-witness",
        "PHANTOM_VALUE, revision-witness",
        "COMPARE_WRONGLY_REFUSED, revision-witness",
        "MEMBER_GOES_BACK, identity",
        "TERM_GOES_BACK, identity",
        "COMPACTED_REVISION_ANSWERED, compaction",
        "REFUSED_AS_FUTURE, compaction",
    })
    void unknown_outcomes_do_not_hide_what_is_certain(Flaw flaw, String check) {
        for (long seed = 0; seed < FLAWED_SEEDS; seed++) {
            Recorded recorded = SimulatedAttempt.of(seed, flaw, new Trouble(true, 2, false));
            if (recorded.flawed()) {
                assertThat(Checks.judge(check, recorded.evidence()).verdict())
                        .as("seed %d, %s", seed, flaw)
                        .isInstanceOf(Verdict.Fail.class);
            }
        }
    }
}
