package dev.etcddrill.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.Check;
import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final DrillPlan drill =
            RecordedRuns.drill("leader-lost", List.of(InstalledTestCheck.ID), List.of("killed"));
    private ClassLoader before;
    private URLClassLoader installed;
    private RunDirectory run;

    @BeforeEach
    void createRun() throws IOException {
        run = RunDirectory.create(directory.resolve("runs"), RecordedRuns.header());
    }

    /** Installed for this test only: other tests of the module see what the module itself brings. */
    @BeforeEach
    void installServices() throws IOException {
        Path services = Files.createDirectories(directory.resolve("jar/META-INF/services"));
        Files.writeString(services.resolve(Check.class.getName()), InstalledTestCheck.class.getName());
        Files.writeString(services.resolve(ReportWriter.class.getName()), InstalledTestReport.class.getName());
        before = Thread.currentThread().getContextClassLoader();
        installed =
                new URLClassLoader(new URL[] {directory.resolve("jar").toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(installed);
    }

    @AfterEach
    void uninstallServices() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        installed.close();
    }

    @Test
    void a_run_that_passes_exits_with_0() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "killed");

        assertThat(check(run.path())).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        printed("PASS · 1 drill · guide-3-node · etcd 3.6.16 · sandbox · 15 s"),
                        printed("seed 7 · run it again: mvn verify -Pchaos -Ddrill.seed=7"),
                        "report: " + run.reportFile());
        assertThat(run.reportFile()).content().startsWith("PASS");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void a_run_that_fails_exits_with_1_and_has_its_report() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "broken");

        assertThat(check(run.path())).isEqualTo(1);
        assertThat(out.toString().lines())
                .startsWith(
                        printed("FAIL · leader lost on guide-3-node: something is broken"),
                        "  FAIL  leader lost on guide-3-node: something is broken");
        assertThat(run.reportFile()).content().startsWith("FAIL");
    }

    @Test
    void a_run_with_too_little_evidence_exits_with_4() throws IOException {
        RecordedRuns.recordEnded(run, drill, 1, "killed", new AttemptEvidence.End(false, "no leader"));

        assertThat(check(run.path())).isEqualTo(4);
        assertThat(out.toString())
                .startsWith(printed("INCONCLUSIVE · leader lost on guide-3-node: not completed: no leader"));
    }

    @Test
    void a_run_in_doubt_for_host_stalls_only_says_last_that_it_may_be_run_once_more() throws IOException {
        DrillPlan stalled = RecordedRuns.drill("leader-lost", List.of(InstalledTestCheck.ID), List.of("stalled"));
        RecordedRuns.recordCompleted(run, stalled, 1, "stalled");
        RecordedRuns.recordCompleted(run, stalled, 2, "stalled");

        assertThat(check(run.path())).isEqualTo(4);
        assertThat(out.toString().lines()).endsWith("the host stalled: this run may be run once more");
    }

    @Test
    void a_run_in_doubt_for_more_than_host_stalls_is_not_to_be_run_once_more() throws IOException {
        DrillPlan stalled =
                RecordedRuns.drill("leader-lost", List.of(InstalledTestCheck.ID), List.of("stalled and more"));
        RecordedRuns.recordCompleted(run, stalled, 1, "stalled and more");

        assertThat(check(run.path())).isEqualTo(4);
        assertThat(out.toString()).doesNotContain("once more");
    }

    @Test
    void a_run_that_fails_beside_host_stalls_is_not_to_be_run_once_more() throws IOException {
        DrillPlan stalled =
                RecordedRuns.drill("leader-lost", List.of(InstalledTestCheck.ID), List.of("stalled", "broken"));
        RecordedRuns.recordCompleted(run, stalled, 1, "stalled");
        RecordedRuns.recordCompleted(run, stalled, 2, "broken");

        assertThat(check(run.path())).isEqualTo(1);
        assertThat(out.toString()).doesNotContain("once more");
    }

    @Test
    void a_run_is_judged_by_its_link_too() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "killed");

        assertThat(check(directory.resolve("runs/latest"))).isZero();
    }

    @Test
    void what_was_judged_before_does_not_matter() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "broken");
        Path passed = run.path().resolve("drills/leader-lost/attempts/1/verdict.json");
        Files.writeString(passed, "{\"word\":\"PASS\"}");
        Files.writeString(run.path().resolve("run.json"), "{\"word\":\"PASS\"}");

        assertThat(check(run.path())).isEqualTo(1);
    }

    @Test
    void a_path_that_is_no_run_exits_with_2_and_one_sentence() {
        assertThat(check(directory)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).singleElement().asString().contains("is no run directory");
    }

    @Test
    void a_damaged_plan_of_the_run_exits_with_2_and_its_place() throws IOException {
        Files.writeString(run.path().resolve("plan.json"), "{");

        assertThat(check(run.path())).isEqualTo(2);
        assertThat(err.toString()).contains("plan.json:1: ");
    }

    @Test
    void a_missing_argument_exits_with_2() {
        assertThat(execute()).isEqualTo(2);
    }

    @Test
    void a_report_that_cannot_be_written_does_not_change_the_verdict() throws IOException {
        RecordedRuns.recordCompleted(run, drill, 1, "killed");
        Files.createDirectory(run.reportFile());

        assertThat(check(run.path())).isZero();
        assertThat(err.toString()).contains("the report cannot be written");
        assertThat(out.toString()).contains("run directory: " + run.path());
    }

    private int check(Path run) {
        return execute(run.toString());
    }

    private int execute(String... arguments) {
        return new CommandLine(new CheckCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    /** As the console of this process shows it. */
    private static String printed(String text) {
        return ConsoleText.ofThisProcess().printable(text);
    }
}
