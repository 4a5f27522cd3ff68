package dev.etcddrill.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.plan.DrillPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunSummaryTest {
    private static final DrillVerdict PASSED = verdict(new Verdict.Pass(), Optional.empty());
    private static final DrillVerdict NOT_RUN =
            verdict(new Verdict.Inconclusive(List.of("not run: needs root")), Optional.of("needs root"));

    @Test
    void a_pass_says_what_passed_and_how_long_it_took() {
        assertThat(RunSummary.verdictLine(run(new Verdict.Pass(), List.of(PASSED, PASSED), Duration.ofSeconds(252))))
                .isEqualTo("PASS · 2 drills · guide-3-node · etcd 3.6.16 · sandbox · 4 m 12 s");
        assertThat(RunSummary.verdictLine(run(new Verdict.Pass(), List.of(PASSED), Duration.ofMinutes(62))))
                .endsWith("1 h 2 m");
    }

    @Test
    void a_drill_that_was_not_run_is_said_with_its_reason() {
        RunVerdict run = run(new Verdict.Pass(), List.of(PASSED, NOT_RUN), Duration.ofSeconds(9));

        assertThat(RunSummary.lines(run, Path.of("runs/1"), List.of()))
                .containsExactly(
                        "PASS · 1 drill (1 not run) · guide-3-node · etcd 3.6.16 · sandbox · 9 s",
                        "  NOT RUN  power loss on guide-3-node: needs root",
                        "seed 7 · run it again: mvn verify -Pchaos -Ddrill.seed=7",
                        "run directory: runs/1");
    }

    @Test
    void a_recipe_that_no_attempt_was_made_on_is_not_said_to_pass() {
        RunHeader header = RecordedRuns.header();
        RunHeader two = new RunHeader(
                header.started(),
                header.seed(),
                header.command(),
                header.runtime(),
                header.runtimeReason(),
                List.of("guide-3-node", "production"),
                header.notProven());
        DrillVerdict tried = new DrillVerdict(
                PASSED.plan(),
                new Verdict.Pass(),
                Map.of(),
                List.of(new AttemptVerdict(
                        RecordedRuns.attempt(PASSED.plan(), 1, "all"), new Verdict.Pass(), List.of())));
        RunVerdict run = new RunVerdict(two, new Verdict.Pass(), List.of(tried), Duration.ofSeconds(9));

        assertThat(RunSummary.verdictLine(run))
                .isEqualTo("PASS · 1 drill · guide-3-node · etcd 3.6.16 · sandbox · 9 s");
        assertThat(run.untriedRecipes()).containsExactly("production");
    }

    @Test
    void a_failure_says_first_what_broke() {
        RunVerdict run = run(
                new Verdict.Fail(List.of("power loss: a write is lost", "power loss: members differ")),
                List.of(verdict(new Verdict.Fail(List.of("a write is lost", "members differ")), Optional.empty())),
                Duration.ofSeconds(9));

        assertThat(RunSummary.lines(run, Path.of("runs/1"), List.of(Path.of("runs/1/report.html"))))
                .containsExactly(
                        "FAIL · power loss: a write is lost · 1 more",
                        "  FAIL  power loss on guide-3-node: a write is lost",
                        "  FAIL  power loss on guide-3-node: members differ",
                        "seed 7 · run it again: mvn verify -Pchaos -Ddrill.seed=7",
                        "report: runs/1/report.html");
    }

    @Test
    void a_failure_is_told_in_a_few_short_sentences() {
        String longReason = "etcd-1 did not start. Its last log lines:\n{\"level\":\"fatal\"}";
        RunVerdict run = run(
                new Verdict.Fail(List.of(longReason)),
                List.of(verdict(
                        new Verdict.Fail(List.of(longReason, "x".repeat(1000), "third", "fourth", "fifth")),
                        Optional.empty())),
                Duration.ofSeconds(9));

        assertThat(RunSummary.lines(run, Path.of("runs/1"), List.of()))
                .startsWith("FAIL · etcd-1 did not start.", "  FAIL  power loss on guide-3-node: etcd-1 did not start.")
                .contains("  FAIL  power loss on guide-3-node: third", "  FAIL  power loss on guide-3-node: and 2 more")
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(300).doesNotContain("\n"));
    }

    private static RunVerdict run(Verdict verdict, List<DrillVerdict> drills, Duration took) {
        return new RunVerdict(RecordedRuns.header(), verdict, drills, took);
    }

    private static DrillVerdict verdict(Verdict verdict, Optional<String> notRun) {
        DrillPlan plan = RecordedRuns.drill("power-loss", List.of(), List.of(), notRun);
        return new DrillVerdict(plan, verdict, Map.of(), List.of());
    }
}
