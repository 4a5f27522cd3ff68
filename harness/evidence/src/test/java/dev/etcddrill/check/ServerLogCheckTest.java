package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Observation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerLogCheckTest {
    private static final String ID = "server-log";
    private static final String STARTING =
            "{\"level\":\"info\",\"ts\":\"2026-11-25T03:43:50Z\",\"caller\":\"embed/etcd.go:323\","
                    + "\"msg\":\"starting an etcd server\",\"initial-corrupt-check\":true,\"corrupt-check-time-interval\":\"0s\"}";

    private final RecordedAttempt attempt = new RecordedAttempt()
            .log("etcd-1", STARTING)
            .log("etcd-2", STARTING)
            .log("etcd-3", STARTING);

    /** Lines of a real 3.6.16 that formed, was killed, stopped, restarted, lost quorum and was restored. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"level\":\"info\",\"caller\":\"etcdserver/corrupt.go:91\",\"msg\":\"starting initial corruption check\"}",
                "{\"level\":\"info\",\"msg\":\"initial corruption checking passed; no corruption\"}",
                "{\"level\":\"info\",\"msg\":\"finished compaction hash check\",\"number-of-hashes-checked\":0}",
                "{\"level\":\"warn\",\"caller\":\"etcdserver/corrupt.go:494\",\"msg\":\"failed hash kv request\","
                        + "\"error\":\"dial tcp 127.0.0.1:43803: connect: connection refused\"}",
                "{\"level\":\"error\",\"msg\":\"setting up serving from embedded etcd failed.\","
                        + "\"error\":\"http: Server closed\",\"stacktrace\":\"goroutine 1 [running]\"}",
                "{\"level\":\"warn\",\"msg\":\"stopping insecure grpc server due to error\",\"error\":\"accept tcp\"}",
                "{\"level\":\"info\",\"msg\":\"received signal; shutting down\",\"signal\":\"terminated\"}",
                "{\"level\":\"warn\",\"msg\":\"a stepped down to follower since quorum is not active\"}",
                "{\"level\":\"warn\",\"msg\":\"leadership transfer failed\",\"error\":\"context deadline exceeded\"}",
                "{\"level\":\"warn\",\"msg\":\"found different compact revision values from remote peer\"}",
                "{\"level\":\"warn\",\"msg\":\"--experimental-corrupt-check-time is deprecated in v3.6\"}",
                "{\"level\":\"warn\",\"caller\":\"snap/snapshotter.go:184\",\"msg\":\"snap file is corrupt\"}",
                "{\"level\":\"warn\",\"msg\":\"failed to read a snap file\",\"error\":\"snap: crc mismatch\"}",
                "{\"level\":\"info\",\"msg\":\"a message cut off by the ki",
                "2026/11/25 03:43:50 plain text from before the logger was set up",
                "",
            })
    void what_etcd_says_in_normal_life_passes(String line) {
        attempt.log("etcd-2", STARTING, line, STARTING).passes(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "panic: failed to open database",
                "panic: runtime error: index out of range [3] with length 3",
                "fatal error: concurrent map writes",
                "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x0]",
                "SIGABRT: abort",
                "goroutine 117 [running]:",
            })
    void a_crash_fails(String line) {
        attempt.log("etcd-2", STARTING, line).fails(ID, "etcd-2 crashed, log line 2: " + line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fatal", "panic", "dpanic"})
    void a_member_that_ends_itself_fails(String level) {
        attempt.log("etcd-2", STARTING, "{\"level\":\"" + level + "\",\"msg\":\"failed to save Raft hard state\"}")
                .fails(ID, "etcd-2 ended itself (level " + level + "), log line 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"level\":\"warn\",\"msg\":\"found different hash values from remote peer\"}",
                "{\"level\":\"warn\",\"msg\":\"found hash mismatch\",\"revision-1\":7}",
                "{\"level\":\"error\",\"msg\":\"Detected compaction hash mismatch\",\"leader-id\":\"a\"}",
                "{\"level\":\"warn\",\"msg\":\"same compact revision then hashes must match\"}",
                "{\"level\":\"warn\",\"msg\":\"revision from follower must be less than or equal to leader's\"}",
                "{\"level\":\"error\",\"msg\":\"bootstrap failed\",\"error\":\"walpb: crc mismatch: expected: 1\"}",
                "{\"level\":\"error\",\"msg\":\"x\",\"error\":\"found data inconsistency with peers\"}",
                "{\"level\":\"error\",\"msg\":\"the database is corrupted\"}",
                "{\"level\":\"warn\",\"msg\":\"serving /health false due to an alarm\","
                        + "\"alarm\":\"memberID:7 alarm:CORRUPT \"}",
            })
    void damaged_data_fails(String line) {
        attempt.log("etcd-2", STARTING, line).fails(ID, "etcd-2 says that data is damaged, log line 2");
    }

    @Test
    void a_crash_with_its_stack_is_told_once() {
        CheckResult result = attempt.log(
                        "etcd-2",
                        STARTING,
                        "{\"level\":\"panic\",\"msg\":\"failed to open database\",\"error\":\"invalid database\"}",
                        "panic: failed to open database",
                        "",
                        "goroutine 117 [running]:",
                        "go.uber.org/zap/zapcore.CheckWriteAction.OnWrite(0x2?)")
                .fails(ID, "failed to open database");

        assertThat(result.verdict().reasons()).hasSize(1);
    }

    @Test
    void a_second_crash_after_a_restart_is_told_too() {
        CheckResult result =
                attempt.log("etcd-2", "panic: one", STARTING, "panic: two").fails(ID, "panic: two");

        assertThat(result.verdict().reasons()).hasSize(2);
    }

    @Test
    void a_member_that_ended_by_itself_fails_with_its_exit_code() {
        attempt.observe(new Observation.MemberExit(ms(7_000), "etcd-3", false, OptionalInt.of(2)))
                .fails(ID, "etcd-3 ended by itself at 7.000 s", "exit code 2");
    }

    @Test
    void a_member_that_the_drill_ended_passes() {
        attempt.observe(new Observation.MemberExit(ms(7_000), "etcd-3", true, OptionalInt.of(137)))
                .passes(ID);
    }

    @Test
    void a_corruption_alarm_in_a_status_fails() {
        attempt.observe(new Observation.MemberStatus(
                        ms(10),
                        "cluster-1",
                        "etcd-1",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of("memberID:7 alarm:CORRUPT ")))
                .fails(ID, "etcd-1 reports", "alarm:CORRUPT");
    }

    @Test
    void a_missing_log_is_inconclusive() {
        new RecordedAttempt().log("etcd-1", STARTING).log("etcd-3", STARTING).isInconclusive(ID, "no log of etcd-2");
    }
}
