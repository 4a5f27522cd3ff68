package dev.etcddrill.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.history.DamagedRecordException;
import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    private Path runs;

    @Test
    void a_run_is_named_after_its_start_and_seed() throws IOException {
        RunDirectory run = RunDirectory.create(runs.resolve("target/drill-runs"), RecordedRuns.header());

        assertThat(run.path().getFileName()).hasToString("run-20261125T030000Z-7");
        assertThat(RunDirectory.open(run.path()).header()).isEqualTo(RecordedRuns.header());
    }

    @Test
    void two_runs_of_one_second_and_seed_have_their_own_directories() throws IOException {
        RunDirectory first = RunDirectory.create(runs, RecordedRuns.header());
        RunDirectory second = RunDirectory.create(runs, RecordedRuns.header());

        assertThat(second.path()).isNotEqualTo(first.path());
        assertThat(second.path().getFileName()).hasToString("run-20261125T030000Z-7-2");
    }

    @Test
    void latest_is_the_run_that_was_created_last() throws IOException {
        RunDirectory.create(runs, RecordedRuns.header());
        RunDirectory second = RunDirectory.create(runs, RecordedRuns.header());

        assertThat(RunDirectory.open(runs.resolve("latest")).path()).isEqualTo(second.path());
        assertThat(Files.readSymbolicLink(runs.resolve("latest")).isAbsolute()).isFalse();
    }

    @Test
    void what_a_user_put_in_place_of_latest_is_left_alone() throws IOException {
        Files.createDirectories(runs.resolve("latest/kept"));

        RunDirectory.create(runs, RecordedRuns.header());

        assertThat(runs.resolve("latest/kept")).isDirectory();
        try (var entries = Files.list(runs)) {
            assertThat(entries).hasSize(2);
        }
    }

    @Test
    void a_path_that_is_no_run_directory_is_told_so() throws IOException {
        assertThatThrownBy(() -> RunDirectory.open(runs.resolve("nowhere")))
                .isInstanceOf(NotARunDirectoryException.class)
                .hasMessageContaining("there is nothing of that name")
                .hasMessageContaining("Expected a directory such as target/drill-runs/latest");
        assertThatThrownBy(() -> RunDirectory.open(runs))
                .isInstanceOf(NotARunDirectoryException.class)
                .hasMessageContaining("it has no file plan.json");
        Path file = Files.createFile(runs.resolve("file"));
        assertThatThrownBy(() -> RunDirectory.open(file))
                .isInstanceOf(NotARunDirectoryException.class)
                .hasMessageContaining("it is not a directory");
    }

    @Test
    void a_damaged_plan_is_named_with_file_and_line() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        Path plan = run.path().resolve("plan.json");
        Files.writeString(plan, Files.readString(plan).replace("\"seed\" : 7", "\"seed\" : \"seven\""));

        assertThatThrownBy(() -> RunDirectory.open(run.path()))
                .isInstanceOfSatisfying(
                        DamagedRecordException.class,
                        damage -> assertThat(damage.line()).isEqualTo(6))
                .hasMessageStartingWith(plan + ":6: ");

        Files.writeString(plan, "{}");
        assertThatThrownBy(() -> RunDirectory.open(run.path()))
                .isInstanceOf(DamagedRecordException.class)
                .hasMessageContaining("expected a file of etcd-drill/plan version 1, but it names no format");
    }

    @Test
    void drills_are_planned_before_they_are_reached() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        DrillPlan first = RecordedRuns.drill("leader-lost", List.of("revision-witness"), List.of("killed"));
        DrillPlan second = RecordedRuns.drill("restore", List.of("revision-witness"), List.of());
        DrillPlan third = RecordedRuns.drill("power-loss", List.of(), List.of(), Optional.of("needs root"));

        run.plan(List.of(first, second));
        run.drill(second);
        run.drill(third);

        assertThat(RunDirectory.open(run.path()).drills()).containsExactly(first, second, third);
    }

    @Test
    void two_drills_cannot_share_an_id() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        run.drill(RecordedRuns.drill("leader-lost", List.of(), List.of()));

        assertThatThrownBy(() -> run.drill(RecordedRuns.drill("leader-lost", List.of("other"), List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leader-lost is planned already");
    }

    @Test
    void names_cannot_lead_out_of_the_directory() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        for (String name : List.of("..", ".", "", "a/b", "/etc", "a\\b", "a\nb")) {
            assertThatThrownBy(() -> run.deploymentDirectory(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> run.drill(RecordedRuns.drill(name, List.of(), List.of())))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_plan_that_leads_out_of_the_directory_is_not_followed() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        run.drill(RecordedRuns.drill("leader-lost", List.of(), List.of()));
        Path plan = run.path().resolve("plan.json");
        Files.writeString(plan, Files.readString(plan).replace("\"id\" : \"leader-lost\"", "\"id\" : \"../..\""));

        assertThatThrownBy(() -> RunDirectory.open(run.path()))
                .isInstanceOf(DamagedRecordException.class)
                .hasMessageContaining("the id of a drill must be fit for the name of a file");
    }

    @Test
    void the_environment_is_read_as_it_was_written() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        assertThat(run.environment()).isEmpty();
        Environment environment = new Environment(
                Map.of("kernel", "6.1"),
                List.of(new Environment.Binary("etcd", "3.6.16", "PATH", "/usr/bin/etcd", "00ff")),
                Optional.of(Duration.ofMillis(2)));

        run.writeEnvironment(environment);

        assertThat(RunDirectory.open(run.path()).environment()).contains(environment);
    }

    @Test
    void the_verdict_is_there_once_the_run_was_judged() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        assertThat(run.verdict()).isEmpty();

        RunVerdict verdict = new RunJudge(List.of()).judge(run, false);

        assertThat(RunDirectory.open(run.path()).verdict()).contains(verdict);
    }

    @Test
    @Timeout(60)
    void drills_can_be_opened_from_several_threads() throws Exception {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<DrillDirectory>> opened = IntStream.range(0, 20)
                .mapToObj(number ->
                        threads.submit(() -> run.drill(RecordedRuns.drill("drill-" + number, List.of(), List.of()))))
                .toList();
        for (Future<DrillDirectory> each : opened) {
            each.get();
        }
        threads.shutdown();

        assertThat(RunDirectory.open(run.path()).drills()).hasSize(20);
    }

    @Test
    void an_attempt_is_recorded_once() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        DrillPlan drill = RecordedRuns.drill("leader-lost", List.of(), List.of());
        RecordedRuns.recordCompleted(run, drill, 1, "");

        assertThatThrownBy(() -> RecordedRuns.recordCompleted(run, drill, 1, ""))
                .hasMessageContaining("attempt 1 is recorded already");
    }

    @Test
    void attempts_are_listed_by_number() throws IOException {
        RunDirectory run = RunDirectory.create(runs, RecordedRuns.header());
        DrillPlan drill = RecordedRuns.drill("leader-lost", List.of(), List.of());
        for (int number : List.of(10, 2, 1)) {
            RecordedRuns.recordCompleted(run, drill, number, "");
        }

        assertThat(run.drill(drill).attempts())
                .extracting(path -> path.getFileName().toString())
                .containsExactly("1", "2", "10");
    }
}
