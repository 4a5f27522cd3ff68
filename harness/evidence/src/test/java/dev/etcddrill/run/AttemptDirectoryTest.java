package dev.etcddrill.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.ClockReading;
import dev.etcddrill.history.DamagedRecordException;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptDirectoryTest {
    @TempDir
    private Path runs;

    private RunDirectory run;
    private final DrillPlan drill = RecordedRuns.drill("leader-lost", List.of("passing"), List.of("killed"));
    private final AttemptPlan plan = RecordedRuns.attempt(drill, 1, "killed");
    private final RunJudge judge = new RunJudge(List.of(RecordedRuns.passing("passing")));

    @BeforeEach
    void createRun() throws IOException {
        run = RunDirectory.create(runs, RecordedRuns.header());
    }

    @Test
    void all_that_was_recorded_is_read() throws IOException {
        Path path = recordCompleted();

        AttemptRecord attempt = AttemptDirectory.read(path);

        AttemptEvidence evidence = attempt.evidence();
        assertThat(attempt.problems()).isEmpty();
        assertThat(evidence.drill()).isEqualTo(drill);
        assertThat(evidence.plan()).isEqualTo(plan);
        assertThat(evidence.operations()).hasSize(2);
        assertThat(evidence.operations().get(1).outcome()).isEqualTo(new Outcome.Unknown("no return recorded"));
        assertThat(evidence.faults()).hasSize(1);
        assertThat(evidence.observations()).hasSize(2);
        assertThat(evidence.memberLogs()).containsEntry("etcd-1", List.of("{\"level\":\"info\",\"msg\":\"ready\"}"));
        assertThat(evidence.end()).contains(RecordedRuns.COMPLETED);
        assertThat(attempt.ledger()).hasSize(1);
        assertThat(attempt.started()).contains(new ClockReading(RecordedRuns.STARTED.plusSeconds(10), Duration.ZERO));
        assertThat(attempt.lastRecorded()).contains(RecordedRuns.STARTED.plusSeconds(15));
    }

    @Test
    void the_files_are_those_of_the_design() throws IOException {
        Path path = recordCompleted();
        judge.judge(path);

        try (var files = Files.walk(path)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> path.relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "plan.yaml",
                            "history.jsonl",
                            "faults.jsonl",
                            "ledger.jsonl",
                            "probes.jsonl",
                            "members/etcd-1/etcd.log",
                            "end.json",
                            "verdict.json");
        }
    }

    @Test
    void an_attempt_that_is_being_recorded_can_be_read() throws IOException {
        try (AttemptDirectory attempt = RecordedRuns.record(run.drill(drill), plan)) {
            AttemptRecord sofar = AttemptDirectory.read(attempt.path());
            assertThat(sofar.problems()).isEmpty();
            assertThat(sofar.evidence().end()).isEmpty();
            assertThat(sofar.evidence().faults()).hasSize(1);
        }
    }

    @Test
    void what_a_probe_sees_is_on_disk_only_after_what_caused_it() throws IOException {
        try (AttemptDirectory attempt = RecordedRuns.record(run.drill(drill), plan)) {
            // The last thing recorded is an observation, so all operations before it are there without a flush.
            assertThat(AttemptDirectory.read(attempt.path()).evidence().operations())
                    .hasSize(2);
        }
    }

    @Test
    void an_attempt_that_is_closed_without_an_end_is_an_interrupted_one() throws IOException {
        AttemptDirectory attempt = RecordedRuns.record(run.drill(drill), plan);
        attempt.close();

        assertThat(AttemptDirectory.read(attempt.path()).evidence().end()).isEmpty();
        assertThat(judge.judge(attempt.path()).verdict())
                .isEqualTo(new Verdict.Inconclusive(List.of("interrupted: the record of the attempt has no end")));
    }

    @Test
    void the_end_counts_only_once_everything_else_is_written() throws IOException {
        AttemptDirectory attempt = RecordedRuns.record(run.drill(drill), plan);
        attempt.end(RecordedRuns.COMPLETED);
        assertThat(AttemptDirectory.read(attempt.path()).evidence().end()).isEmpty();
        attempt.close();
        attempt.close();
        assertThat(AttemptDirectory.read(attempt.path()).evidence().end()).contains(RecordedRuns.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"history.jsonl", "faults.jsonl", "ledger.jsonl", "probes.jsonl", "end.json"})
    void no_file_can_be_cut_short_without_losing_the_pass(String name) throws IOException {
        Path path = recordCompleted();
        assertThat(judge.judge(path).verdict()).isEqualTo(new Verdict.Pass());
        byte[] whole = Files.readAllBytes(path.resolve(name));
        for (int length = 0; length < whole.length; length++) {
            Files.write(path.resolve(name), Arrays.copyOf(whole, length));
            assertThat(judge.judge(path).verdict())
                    .as("%s cut after %d of %d bytes", name, length, whole.length)
                    .isInstanceOf(Verdict.Inconclusive.class);
        }
        Files.delete(path.resolve(name));
        assertThat(judge.judge(path).verdict()).isInstanceOf(Verdict.Inconclusive.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"history.jsonl", "faults.jsonl", "ledger.jsonl", "probes.jsonl"})
    void a_killed_run_is_readable_wherever_its_files_break_off(String name) throws IOException {
        AttemptDirectory attempt = RecordedRuns.record(run.drill(drill), plan);
        attempt.close();
        Path file = attempt.path().resolve(name);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            AttemptRecord sofar = AttemptDirectory.read(attempt.path());
            boolean wholeLine = length > 0 && whole[length - 1] == '\n';
            if (wholeLine) {
                assertThat(sofar.problems()).isEmpty();
            } else {
                assertThat(sofar.problems())
                        .containsExactly("drills/leader-lost/attempts/1/" + name
                                + ": the last line is broken off; everything before it was read");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"history.jsonl", "faults.jsonl", "ledger.jsonl", "probes.jsonl"})
    void damage_is_told_with_file_and_line(String name) throws IOException {
        Path path = recordCompleted();
        List<String> lines = Files.readAllLines(path.resolve(name));
        lines.set(1, "{}");
        Files.write(path.resolve(name), lines);

        assertThat(AttemptDirectory.read(path).problems().get(0))
                .startsWith("drills/leader-lost/attempts/1/" + name + ":2: expected a record, but found {}");
        assertThat(judge.judge(path).verdict()).isInstanceOf(Verdict.Inconclusive.class);
    }

    @Test
    void a_damaged_plan_is_named_with_its_line() throws IOException {
        Path path = recordCompleted();
        Path file = path.resolve("plan.yaml");
        Files.writeString(file, Files.readString(file).replace("number: 1", "number: first"));

        assertThatThrownBy(() -> AttemptDirectory.read(path))
                .isInstanceOf(DamagedRecordException.class)
                .hasMessageMatching(
                        "(?s).*plan\\.yaml:\\d\\d: this is no file of etcd-drill/attempt-plan version 1: .*");
    }

    @Test
    void an_attempt_that_was_killed_before_its_plan_was_written_has_none() throws IOException {
        Path path = Files.createDirectories(run.drill(drill).path().resolve("attempts/1"));
        assertThatThrownBy(() -> AttemptDirectory.read(path)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_member_log_need_not_be_text_to_its_end() throws IOException {
        Path path = recordCompleted();
        Files.write(path.resolve("members/etcd-1/etcd.log"), new byte[] {'o', 'k', '\n', (byte) 0xc3});

        assertThat(AttemptDirectory.read(path).evidence().memberLogs().get("etcd-1"))
                .hasSize(2)
                .first()
                .isEqualTo("ok");
    }

    @Test
    void an_interrupted_thread_can_still_close_and_judge() throws IOException {
        AttemptDirectory attempt = RecordedRuns.record(run.drill(drill), plan);
        Thread.currentThread().interrupt();
        attempt.history().invoked(3, "first", "etcd-1", new Request.Delete("k"), Duration.ofSeconds(6));
        attempt.end(new AttemptEvidence.End(false, "the user ended it"));
        attempt.close();

        Verdict verdict = judge.judge(attempt.path()).verdict();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(verdict).isEqualTo(new Verdict.Inconclusive(List.of("not completed: the user ended it")));
    }

    private Path recordCompleted() throws IOException {
        AttemptDirectory attempt = RecordedRuns.record(run.drill(drill), plan);
        try (attempt) {
            attempt.end(RecordedRuns.COMPLETED);
        }
        return attempt.path();
    }
}
