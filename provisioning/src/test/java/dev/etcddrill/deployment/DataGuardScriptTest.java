package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard that the unit runs before and after etcd, in a real bash on real files. */
class DataGuardScriptTest {
    private static final String FIRST = "0000000000000000-0000000000000000.wal";
    private static final String SECOND = "0000000000000001-00000000000003e8.wal";

    @TempDir
    Path directory;

    private Path script;
    private Path log;
    private Path record;
    private Path configuration;

    private record Result(int status, String errors) {}

    @BeforeEach
    void theGuardOfAMemberOnPathsOfTheTest() throws IOException {
        log = Files.createDirectory(directory.resolve("wal"));
        record = directory.resolve("data-record");
        configuration = directory.resolve("etcd.conf.yml");
        Files.writeString(configuration, "initial-cluster-state: existing\n");
        script = directory.resolve("guard.sh");
        String rendered = SampleDeployments.GUIDE
                .requireFile("etcd-1", "/usr/local/bin/etcd-data-guard.sh")
                .content()
                .text();
        Files.writeString(
                script,
                rendered.replaceAll("(?m)^readonly WAL_DIRECTORY=.*$", "readonly WAL_DIRECTORY=" + log)
                        .replaceAll("(?m)^readonly CONFIGURATION=.*$", "readonly CONFIGURATION=" + configuration)
                        .replaceAll("(?m)^readonly RECORD=.*$", "readonly RECORD=" + record));
    }

    @Test
    void aFirstStartNeedsNoDataAndTheNextOneDoes() throws Exception {
        Files.writeString(configuration, "initial-cluster-state: new\n");
        assertThat(guard("start").status()).isZero();
        write(FIRST, 100);
        assertThat(guard("stop").status()).isZero();
        Files.delete(log.resolve(FIRST));

        Result lost = guard("start");

        assertThat(lost.status()).isEqualTo(1);
        assertThat(lost.errors())
                .contains("expected data in " + log + " up to " + FIRST + ", found none")
                .contains("etcd-replace-member.sh");
    }

    @Test
    void aMemberOfAnExistingClusterIsNotStartedWithoutData() throws Exception {
        assertThat(guard("start").errors()).contains("expected data in " + log + ", found none");
        assertThat(guard("stop").status()).isZero();
        assertThat(guard("start").status()).isEqualTo(1);
    }

    @Test
    void dataFromBeforeTheGuardIsTaken() throws Exception {
        write(FIRST, 100);

        assertThat(guard("start").status()).isZero();
        assertThat(record).hasContent("running " + FIRST);
    }

    @Test
    void aMemberThatStoppedStartsAgainOnWhatItLeft() throws Exception {
        write(FIRST, 100);
        guard("start");
        write(SECOND, 200);
        assertThat(guard("stop").status()).isZero();

        assertThat(guard("start").status()).isZero();
        assertThat(record).hasContent("running " + SECOND);
    }

    @Test
    void anOlderCopyOfTheSameSegmentIsRefusedAgainAndAgain() throws Exception {
        write(FIRST, 100);
        guard("start");
        write(FIRST, 200);
        guard("stop");
        write(FIRST, 150);

        for (int attempt = 0; attempt < 2; attempt++) {
            Result older = guard("start");
            assertThat(older.status()).isEqualTo(1);
            assertThat(older.errors())
                    .contains("found " + FIRST + " of 1970-01-01T00:02:30Z: another copy")
                    .contains("of 1970-01-01T00:03:20Z, as this member left it");
            // systemd runs this after a start that was refused, too.
            assertThat(guard("stop").status()).isZero();
        }
        write(FIRST, 200);
        assertThat(guard("start").status()).isZero();
    }

    @Test
    void afterACrashOfTheHostTheDataMayBeNewerButNoOlderSegmentAndNotGone() throws Exception {
        write(FIRST, 100);
        write(SECOND, 200);
        guard("start");
        Files.delete(log.resolve(SECOND));

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(guard("start").errors()).contains("found " + FIRST + ": an older copy");
            guard("stop");
        }
        Files.delete(log.resolve(FIRST));
        assertThat(guard("start").errors()).contains("found none");
        write(SECOND, 300);
        assertThat(guard("start").status()).isZero();
    }

    @Test
    void aFirstStartThatLeftNothingMayBeRepeated() throws Exception {
        Files.writeString(configuration, "initial-cluster-state: new\n");
        guard("start");
        guard("stop");
        assertThat(record).hasContent("empty");

        assertThat(guard("start").status()).isZero();
        // The host crashed before etcd had written anything.
        assertThat(guard("start").status()).isZero();
    }

    @Test
    void aReplacedMemberStartsWithoutDataAndNotWithOldData() throws Exception {
        Files.writeString(record, "empty\n");
        write(FIRST, 100);
        assertThat(guard("start").errors()).contains("expected no data in " + log);
        Files.delete(log.resolve(FIRST));

        assertThat(guard("start").status()).isZero();
        assertThat(guard("start").status())
                .as("a second start without data, after the host crashed")
                .isEqualTo(1);
    }

    @Test
    void aRecordThatItDoesNotKnowIsNoPermission() throws Exception {
        Files.writeString(record, "something else entirely\n");
        write(FIRST, 100);

        assertThat(guard("start").errors()).contains("expected a record in " + record);
        assertThat(guard("upside-down").errors()).contains("start|stop");
    }

    private void write(String segment, long seconds) throws IOException {
        Path file = Files.writeString(log.resolve(segment), "written at " + seconds);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(seconds)));
    }

    private Result guard(String step) throws IOException, InterruptedException {
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder("bash", script.toString(), step)
                .redirectError(errors.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(errors));
    }
}
