package dev.etcddrill.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.Check;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunJudgeTest {
    @TempDir
    private Path runs;

    private RunDirectory run;
    private final DrillPlan drill = RecordedRuns.drill("leader-lost", List.of("a", "b"), List.of("killed", "stopped"));

    @BeforeEach
    void createRun() throws IOException {
        run = RunDirectory.create(runs, RecordedRuns.header());
    }

    @Test
    void a_run_passes_when_everything_was_recorded_covered_and_judged() throws IOException {
        recordBothClasses();

        RunVerdict verdict = judge(RecordedRuns.passing("a"), RecordedRuns.passing("b"));

        assertThat(verdict.verdict()).isEqualTo(new Verdict.Pass());
        assertThat(verdict.drills()).singleElement().satisfies(judged -> {
            assertThat(judged.verdict()).isEqualTo(new Verdict.Pass());
            assertThat(judged.coverage()).isEqualTo(Map.of("killed", 1, "stopped", 1));
            assertThat(judged.attempts())
                    .hasSize(2)
                    .allSatisfy(attempt -> assertThat(attempt.results())
                            .extracting(CheckResult::check)
                            .containsExactly("a", "b"));
        });
    }

    @Test
    void the_time_taken_ends_with_the_last_thing_that_was_recorded() throws IOException {
        recordBothClasses();
        // Attempts start 10 s into the run, and the last observation is 5 s into the attempt.
        assertThat(judge(RecordedRuns.passing("a")).took()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void one_failing_check_fails_the_run_whatever_the_others_say() throws IOException {
        recordBothClasses();

        RunVerdict verdict =
                judge(RecordedRuns.undecided("a", "too few operations"), RecordedRuns.failing("b", "a write is lost"));

        assertThat(verdict.verdict())
                .isEqualTo(new Verdict.Fail(List.of("leader lost on guide-3-node: a write is lost (attempts 1, 2)")));
    }

    @Test
    void reasons_stand_in_the_order_of_the_checks_across_attempts() throws IOException {
        recordBothClasses();
        Check firstCheck = RecordedRuns.check(
                "a",
                evidence -> evidence.plan().number() == 2
                        ? new Verdict.Fail(List.of("a write is lost"))
                        : new Verdict.Pass());

        RunVerdict verdict = judge(firstCheck, RecordedRuns.failing("b", "a setting is unsafe"));

        assertThat(verdict.verdict())
                .isEqualTo(new Verdict.Fail(List.of(
                        "leader lost on guide-3-node: a write is lost (attempt 2)",
                        "leader lost on guide-3-node: a setting is unsafe (attempts 1, 2)")));
    }

    @Test
    void what_ended_an_attempt_stands_before_what_is_missing_for_it() throws IOException {
        RecordedRuns.recordEnded(run, drill, 1, "killed", new AttemptEvidence.End(false, "the run was interrupted"));

        RunVerdict verdict = judge(RecordedRuns.undecided("a", "no final state"), RecordedRuns.passing("b"));

        assertThat(verdict.verdict().reasons())
                .startsWith(
                        "leader lost on guide-3-node: not completed: the run was interrupted",
                        "leader lost on guide-3-node: no final state");
    }

    @Test
    void one_undecided_check_makes_the_run_inconclusive() throws IOException {
        recordBothClasses();

        RunVerdict verdict = judge(RecordedRuns.passing("a"), RecordedRuns.undecided("b", "too few operations"));

        assertThat(verdict.verdict())
                .isEqualTo(new Verdict.Inconclusive(
                        List.of("leader lost on guide-3-node: too few operations (attempts 1, 2)")));
    }

    @Test
    void the_worst_attempt_decides_a_drill() throws IOException {
        recordBothClasses();
        Check failsOnce = RecordedRuns.check(
                "a",
                evidence -> evidence.plan().number() == 2
                        ? new Verdict.Fail(List.of("a write is lost"))
                        : new Verdict.Pass());

        RunVerdict verdict = judge(failsOnce, RecordedRuns.passing("b"));

        assertThat(verdict.drills().get(0).verdict())
                .isEqualTo(new Verdict.Fail(List.of("a write is lost (attempt 2)")));
    }

    @Test
    void a_check_that_is_not_installed_is_never_a_pass() throws IOException {
        recordBothClasses();

        RunVerdict verdict = judge(RecordedRuns.passing("a"));

        assertThat(verdict.verdict()).isInstanceOf(Verdict.Inconclusive.class);
        assertThat(verdict.verdict().reasons())
                .containsExactly("leader lost on guide-3-node: the drill names the check b, but no check of that name"
                        + " is installed (attempts 1, 2)");
    }

    @Test
    void a_check_that_breaks_is_never_a_pass() throws IOException {
        recordBothClasses();
        Check throwing = RecordedRuns.check("a", evidence -> {
            throw new IllegalStateException("a mistake");
        });
        Check overflowing = RecordedRuns.check("b", evidence -> {
            throw new StackOverflowError();
        });

        RunVerdict verdict = judge(throwing, overflowing);

        assertThat(verdict.verdict()).isInstanceOf(Verdict.Inconclusive.class);
        assertThat(verdict.verdict().reasons())
                .hasSize(2)
                .allSatisfy(reason -> assertThat(reason).contains("the check itself failed: "));
    }

    @Test
    void a_drill_that_names_no_check_is_never_a_pass() throws IOException {
        RecordedRuns.recordCompleted(run, RecordedRuns.drill("unjudged", List.of(), List.of()), 1, "");

        assertThat(judge().verdict())
                .isEqualTo(new Verdict.Inconclusive(
                        List.of("unjudged on guide-3-node: the drill names no check that judges it")));
    }

    @Test
    void an_uncovered_class_makes_a_drill_inconclusive_and_is_named() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "killed");

        RunVerdict verdict = judge(RecordedRuns.passing("a"), RecordedRuns.passing("b"));

        assertThat(verdict.drills().get(0).verdict())
                .isEqualTo(new Verdict.Inconclusive(
                        List.of("1 of 2 classes are covered by no completed attempt: stopped")));
        assertThat(verdict.drills().get(0).coverage())
                .containsEntry("killed", 1)
                .containsEntry("stopped", 0);
    }

    @Test
    void an_attempt_that_was_not_completed_covers_nothing() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "killed");
        RecordedRuns.recordEnded(run, drill, 2, "stopped", new AttemptEvidence.End(false, "no leader was elected"));

        RunVerdict verdict = judge(RecordedRuns.passing("a"), RecordedRuns.passing("b"));

        assertThat(verdict.drills().get(0).verdict())
                .isEqualTo(new Verdict.Inconclusive(List.of(
                        "not completed: no leader was elected (attempt 2)",
                        "1 of 2 classes are covered by no completed attempt: stopped")));
    }

    @Test
    void a_killed_run_is_inconclusive_for_what_it_did_not_reach() throws IOException {
        DrillPlan later = RecordedRuns.drill("restore", List.of("a"), List.of("beside"));
        run.plan(List.of(drill, later));
        RecordedRuns.recordCompleted(run, drill, 1, "killed");
        RecordedRuns.record(run.drill(drill), RecordedRuns.attempt(drill, 2, "stopped"))
                .close();

        RunVerdict verdict = judge(RecordedRuns.passing("a"), RecordedRuns.passing("b"));

        assertThat(verdict.verdict())
                .isEqualTo(new Verdict.Inconclusive(List.of(
                        "leader lost on guide-3-node: interrupted: the record of the attempt has no end (attempt 2)",
                        "leader lost on guide-3-node: 1 of 2 classes are covered by no completed attempt: stopped",
                        "restore on guide-3-node: not reached")));
    }

    @Test
    void a_killed_run_still_fails_for_what_it_saw() throws IOException {
        RecordedRuns.record(run.drill(drill), RecordedRuns.attempt(drill, 1, "killed"))
                .close();

        RunVerdict verdict = judge(RecordedRuns.failing("a", "a write is lost"), RecordedRuns.passing("b"));

        assertThat(verdict.verdict())
                .isEqualTo(new Verdict.Fail(List.of("leader lost on guide-3-node: a write is lost")));
    }

    @Test
    void a_failure_in_a_damaged_record_says_that_it_is_damaged() throws IOException {
        recordBothClasses();
        Path faults = run.path().resolve("drills/leader-lost/attempts/1/faults.jsonl");
        Files.writeString(faults, Files.readString(faults) + "???\n");

        RunVerdict verdict = judge(RecordedRuns.failing("a", "a write is lost"), RecordedRuns.passing("b"));

        assertThat(verdict.drills().get(0).attempts().get(0).verdict().reasons())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("the record is damaged: drills/leader-lost/attempts/1/faults.jsonl:3: ");
    }

    @Test
    void an_attempt_without_a_readable_plan_is_not_overlooked() throws IOException {
        recordBothClasses();
        Files.createDirectories(run.path().resolve("drills/leader-lost/attempts/3"));
        Files.writeString(
                Files.createDirectories(run.path().resolve("drills/leader-lost/attempts/4"))
                        .resolve("plan.yaml"),
                "nonsense: [");

        RunVerdict verdict = judge(RecordedRuns.passing("a"), RecordedRuns.passing("b"));

        assertThat(verdict.drills().get(0).attempts()).hasSize(2);
        assertThat(verdict.verdict()).isInstanceOf(Verdict.Inconclusive.class);
        assertThat(verdict.verdict().reasons().get(0))
                .endsWith("attempt 3 was interrupted before its plan was recorded");
        assertThat(verdict.verdict().reasons().get(1)).contains("attempt 4: plan.yaml:1: ");
    }

    @Test
    void an_attempt_that_was_removed_is_missed() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "killed");
        RecordedRuns.recordCompleted(run, drill, 3, "stopped");

        assertThat(judge(RecordedRuns.passing("a"), RecordedRuns.passing("b")).verdict())
                .isEqualTo(new Verdict.Inconclusive(List.of("leader lost on guide-3-node: attempt 2 has no record")));
    }

    @Test
    void a_plan_that_was_changed_afterwards_is_noticed() throws IOException {
        recordBothClasses();
        Path plan = run.path().resolve("drills/leader-lost/attempts/1/plan.yaml");
        Files.writeString(plan, Files.readString(plan).replace("  - \"b\"\n", ""));

        assertThat(judge(RecordedRuns.passing("a"), RecordedRuns.failing("b", "lost"))
                        .drills())
                .singleElement()
                .satisfies(
                        judged -> assertThat(judged.attempts().get(0).results()).hasSize(1));
        assertThat(judge(RecordedRuns.passing("a"), RecordedRuns.passing("b")).verdict())
                .isEqualTo(new Verdict.Inconclusive(List.of("leader lost on guide-3-node: attempt 1: its plan is not"
                        + " the one of this drill and number: the record was changed")));
    }

    @Test
    void a_drill_that_the_plan_does_not_name_is_noticed() throws IOException {
        recordBothClasses();
        Files.createDirectories(run.path().resolve("drills/power-loss"));

        assertThat(judge(RecordedRuns.passing("a"), RecordedRuns.passing("b")).verdict())
                .isEqualTo(new Verdict.Inconclusive(List.of(
                        "drill power-loss is recorded, but plan.json does not name" + " it: the record was changed")));
    }

    @Test
    void a_drill_that_this_machine_cannot_do_counts_neither_way() throws IOException {
        recordBothClasses();
        run.plan(List.of(RecordedRuns.drill("power-loss", List.of("a"), List.of("all"), Optional.of("needs root"))));

        RunVerdict verdict = judge(RecordedRuns.passing("a"), RecordedRuns.passing("b"));

        assertThat(verdict.verdict()).isEqualTo(new Verdict.Pass());
        assertThat(verdict.drills().get(1).verdict())
                .isEqualTo(new Verdict.Inconclusive(List.of("not run: needs root")));
    }

    @Test
    void a_run_that_ran_no_drill_is_never_a_pass() throws IOException {
        assertThat(judge().verdict()).isEqualTo(new Verdict.Inconclusive(List.of("no drill was run")));

        run.plan(List.of(RecordedRuns.drill("power-loss", List.of("a"), List.of(), Optional.of("needs root"))));
        assertThat(judge().verdict()).isEqualTo(new Verdict.Inconclusive(List.of("no drill was run")));
    }

    @Test
    void stored_verdicts_of_attempts_give_the_same_verdict_without_reading_the_record() throws IOException {
        recordBothClasses();
        RunJudge judge = new RunJudge(List.of(RecordedRuns.passing("a"), RecordedRuns.failing("b", "a write is lost")));
        RunVerdict live = judge.judge(run, false);
        Path history = run.path().resolve("drills/leader-lost/attempts/1/history.jsonl");
        byte[] bytes = Files.readAllBytes(history);

        Files.writeString(history, "no history");
        RunVerdict reused = judge.judge(RunDirectory.open(run.path()), true);
        Files.write(history, bytes);
        RunVerdict again = judge.judge(RunDirectory.open(run.path()), false);

        assertThat(reused).isEqualTo(live);
        assertThat(again).isEqualTo(live);
        assertThat(run.verdict()).contains(live);
    }

    @Test
    void an_attempt_without_a_stored_verdict_is_judged() throws IOException {
        recordBothClasses();
        RunJudge judge = new RunJudge(List.of(RecordedRuns.passing("a"), RecordedRuns.passing("b")));
        RunVerdict live = judge.judge(run, false);
        Files.delete(run.path().resolve("drills/leader-lost/attempts/1/verdict.json"));
        Files.writeString(run.path().resolve("drills/leader-lost/attempts/2/verdict.json"), "{ broken");

        assertThat(judge.judge(run, true)).isEqualTo(live);
        assertThat(run.path().resolve("drills/leader-lost/attempts/1/verdict.json"))
                .exists();
    }

    @Test
    void a_run_that_was_moved_is_judged_the_same() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "killed");
        Path history = run.path().resolve("drills/leader-lost/attempts/1/history.jsonl");
        Files.writeString(history, Files.readString(history) + "more\n");
        RunVerdict before = judge(RecordedRuns.passing("a"));
        Path moved = Files.move(run.path(), runs.resolve("archived"));

        RunJudge judge = new RunJudge(List.of(RecordedRuns.passing("a")));
        assertThat(judge.judge(RunDirectory.open(moved), false)).isEqualTo(before);
    }

    @Test
    void two_checks_cannot_share_an_id() {
        assertThatThrownBy(() -> new RunJudge(List.of(RecordedRuns.passing("a"), RecordedRuns.passing("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two checks have the id a");
    }

    private void recordBothClasses() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "killed");
        RecordedRuns.recordCompleted(run, drill, 2, "stopped");
    }

    private RunVerdict judge(Check... checks) throws IOException {
        return new RunJudge(List.of(checks)).judge(run, false);
    }
}
