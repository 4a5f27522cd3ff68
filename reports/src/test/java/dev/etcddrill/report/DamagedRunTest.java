package dev.etcddrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report comes out of whatever is left of a run, and says what is missing. */
final class DamagedRunTest {
    @TempDir
    Path runs;

    private Page write(RunDirectory run, RunVerdict verdict) throws IOException {
        return Page.parse(Files.readString(new HtmlReport().write(run, verdict)));
    }

    private static Path attempt(RunDirectory run, int number) {
        return run.path().resolve("drills/leader-lost@guide-3-node/attempts/" + number);
    }

    /** One drill with one attempt of a second. */
    private static SyntheticRun small(boolean interrupted) {
        DrillPlan plan = SyntheticRun.plan("leader lost", 3, List.of("leader killed"));
        SyntheticAttempt attempt = new SyntheticAttempt(
                        plan, SyntheticRun.attempt(plan, 1, "leader killed"), Duration.ofSeconds(6), 60)
                .kill("kill", 2, 3.5, 1);
        AttemptEvidence evidence = (interrupted ? attempt.interrupted() : attempt).record();
        return new SyntheticRun().drill(plan, List.of(evidence), List.of(List.of(SyntheticRun.pass("durability"))));
    }

    @Test
    void anInterruptedRunSaysWhereItsRecordBreaksOffAndWhichDrillsItDidNotReach() throws IOException {
        SyntheticRun sample = SampleRuns.interrupted();

        Page page = write(sample.write(runs), sample.verdict());

        assertThat(Page.text(page.elements("h1").get(0))).startsWith("? INCONCLUSIVE leader lost on guide-3-node");
        assertThat(Page.text(page.byId("pictures"))).contains("The record of this attempt breaks off");
        assertThat(Page.text(page.byId("measured"))).contains("The run ended before this drill.", "NOT REACHED");
        assertThat(Page.text(page.byId("not-proven")))
                .contains("power loss on guide-3-node: the run ended before this drill")
                .contains("leader lost on guide-3-node: 1 attempt did not come to the end of the plan");
    }

    @Test
    void aRunThatPlannedNothingHasAReport() throws IOException {
        SyntheticRun sample = new SyntheticRun();
        RunVerdict verdict = new RunVerdict(
                sample.verdict().header(),
                new Verdict.Inconclusive(List.of("no drill was run")),
                List.of(),
                Duration.ZERO);

        Page page = write(sample.write(runs), verdict);

        assertThat(Page.text(page.elements("h1").get(0))).isEqualTo("? INCONCLUSIVE no drill was run");
        assertThat(Page.text(page.byId("measured"))).contains("The run ended before it planned a drill.");
        assertThat(Page.text(page.byId("pictures"))).contains("No attempt was recorded.");
    }

    @Test
    void anAttemptInWhichNothingWasRecordedHasAnEntryWithoutAPicture() throws IOException {
        DrillPlan plan = SyntheticRun.plan("leader lost", 3, List.of());
        AttemptEvidence empty = new AttemptEvidence(
                plan,
                SyntheticRun.attempt(plan, 1, "leader killed"),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Optional.empty());
        CheckResult nothing = new CheckResult(
                "recovery", new Verdict.Inconclusive(List.of("no fault")), List.of(), List.of(), List.of());
        SyntheticRun sample = new SyntheticRun().drill(plan, List.of(empty), List.of(List.of(nothing)));

        Page page = write(sample.write(runs), sample.verdict());

        assertThat(Page.text(page.byId("drill-1-attempt-1"))).contains("0 operations", "there is nothing to draw");
        assertThat(Page.text(page.byId("broken"))).contains("No fault was planned in this attempt.");
        assertThat(Page.text(page.byId("evidence"))).contains("No operation was recorded.", "No fault was recorded.");
    }

    @Test
    void aFailureWithoutAnythingToShowStillSaysWhatToDo() throws IOException {
        SyntheticRun sample = new SyntheticRun();
        DrillPlan plan = SyntheticRun.plan("leader lost", 3, List.of());
        AttemptEvidence empty = new AttemptEvidence(
                plan,
                SyntheticRun.attempt(plan, 1, "leader killed"),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Optional.of(new AttemptEvidence.End(true, "")));
        CheckResult failed =
                new CheckResult("of-somebody-else", new Verdict.Fail(List.of()), List.of(), List.of(), List.of());
        sample.drill(plan, List.of(empty), List.of(List.of(failed)));
        RunVerdict verdict = sample.verdict();

        Page page = write(
                sample.write(runs),
                new RunVerdict(verdict.header(), new Verdict.Fail(List.of()), verdict.drills(), verdict.took()));

        assertThat(Page.text(page.elements("h1").get(0))).isEqualTo("✗ FAIL no reason was given");
    }

    @Test
    void aDamagedLineIsNamedAndTheRestIsShown() throws IOException {
        SyntheticRun sample = small(false);
        RunDirectory run = sample.write(runs);
        Path history = attempt(run, 1).resolve("history.jsonl");
        List<String> lines = Files.readAllLines(history);
        lines.set(9, "{\"<b>broken");
        Files.write(history, lines);

        Page page = write(run, sample.verdict());

        assertThat(Page.text(page.elements("header").get(0))).contains("Not all files of this run could be read");
        assertThat(Page.text(page.byId("evidence"))).contains("attempts/1/history.jsonl:10");
        assertThat(Page.text(page.byId("drill-1-attempt-1"))).contains("Damaged record:", "history.jsonl:10");
        assertThat(page.elements("svg").stream()
                        .filter(svg -> svg.getAttribute("class").equals("timeline")))
                .hasSize(1);
    }

    @Test
    void anAttemptWhoseRecordIsGoneKeepsItsStoredVerdict() throws IOException {
        SyntheticRun sample = small(false);
        RunDirectory run = sample.write(runs);
        Path attempt = attempt(run, 1);
        Files.move(attempt, runs.resolve("elsewhere"));

        Page page = write(run, sample.verdict());

        assertThat(Page.text(page.byId("drill-1-attempt-1")))
                .startsWith("✓ PASS attempt 1: leader killed · 0 operations");
        assertThat(Page.text(page.byId("evidence")))
                .contains("the record of attempt 1 of leader-lost@guide-3-node is missing");
    }

    @Test
    void anAttemptWhosePlanCannotBeReadIsNamed() throws IOException {
        SyntheticRun sample = small(false);
        RunDirectory run = sample.write(runs);
        Files.writeString(attempt(run, 1).resolve("plan.yaml"), "format: [", StandardOpenOption.TRUNCATE_EXISTING);

        Page page = write(run, sample.verdict());

        assertThat(Page.text(page.byId("evidence"))).contains("plan.yaml");
    }

    @Test
    void anAttemptThatWasNotJudgedIsNamed() throws IOException {
        SyntheticRun sample = small(false);
        RunDirectory run = sample.write(runs);
        Files.createDirectories(attempt(run, 2));

        Page page = write(run, sample.verdict());

        assertThat(Page.text(page.byId("evidence"))).contains("attempts/2 was not judged");
    }

    @Test
    void aDamagedEnvironmentIsNamed() throws IOException {
        SyntheticRun sample = small(true);
        RunDirectory run = sample.write(runs);
        Files.writeString(run.path().resolve("environment.json"), "{", StandardOpenOption.TRUNCATE_EXISTING);

        Page page = write(run, sample.verdict());

        assertThat(Page.text(page.byId("evidence")))
                .contains("environment.json", "The machine was not recorded, or its record cannot be read.");
    }
}
