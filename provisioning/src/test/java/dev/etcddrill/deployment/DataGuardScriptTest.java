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

    private static final int REFUSED = 3;

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
        writeNow(FIRST);
        assertThat(guard("stop").status()).isZero();
        Files.delete(log.resolve(FIRST));

        Result lost = guard("start");

        assertThat(lost.status()).isEqualTo(REFUSED);
        assertThat(lost.errors())
                .contains("expected data in " + log + " up to " + FIRST + ", found none")
                .contains("etcd-replace-member.sh");
    }

    @Test
    void aMemberOfAnExistingClusterIsNotStartedWithoutData() throws Exception {
        assertThat(guard("start").errors()).contains("expected data in " + log + ", found none");
        assertThat(guard("stop").status()).isZero();
        assertThat(guard("start").status()).isEqualTo(REFUSED);
    }

    @Test
    void dataFromBeforeTheGuardIsTaken() throws Exception {
        write(FIRST, 100);

        assertThat(guard("start").status()).isZero();
        assertThat(Files.readString(record)).startsWith("running " + FIRST + " 100 ");
    }

    @Test
    void aMemberThatStoppedStartsAgainOnWhatItLeft() throws Exception {
        write(FIRST, 100);
        guard("start");
        long written = writeNow(SECOND);
        assertThat(guard("stop").status()).isZero();
        assertThat(record).hasContent("stopped " + SECOND + " " + written);

        assertThat(guard("start").status()).isZero();
        assertThat(Files.readString(record)).startsWith("running " + SECOND + " " + written + " ");
    }

    @Test
    void aMemberThatWroteNothingStartsAgain() throws Exception {
        write(FIRST, 100);
        guard("start");
        assertThat(guard("stop").status()).isZero();
        assertThat(record).hasContent("stopped " + FIRST + " 100");

        assertThat(guard("start").status()).isZero();
    }

    @Test
    void anOlderCopyOfTheSameSegmentIsRefusedAgainAndAgain() throws Exception {
        write(FIRST, 100);
        guard("start");
        long written = writeNow(FIRST);
        guard("stop");
        write(FIRST, 150);

        for (int attempt = 0; attempt < 2; attempt++) {
            Result older = guard("start");
            assertThat(older.status()).isEqualTo(REFUSED);
            assertThat(older.errors())
                    .contains("found " + FIRST + " of 1970-01-01T00:02:30Z: another copy")
                    .contains("of " + Instant.ofEpochSecond(written) + ", as this member left it");
            // systemd runs this after a start that was refused, too.
            assertThat(guard("stop").status()).isZero();
        }
        write(FIRST, written);
        assertThat(guard("start").status()).isZero();
    }

    @Test
    void dataThatWentWhileEtcdRanIsNotTakenForDataThatWasNeverThere() throws Exception {
        // A member's first run, as a replaced one has it: it started without data.
        Files.writeString(record, "empty\n");
        assertThat(guard("start").status()).isZero();
        writeNow(FIRST);
        Files.delete(log.resolve(FIRST));

        assertThat(guard("stop").errors()).contains("is not what etcd left");

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(guard("start").status()).isEqualTo(REFUSED);
            guard("stop");
        }
    }

    @Test
    void aCopyFromBeforeTheStartThatCameWhileEtcdRanIsNotTakenForWhatItLeft() throws Exception {
        write(FIRST, 100);
        write(SECOND, 200);
        guard("start");
        write(SECOND, 150);
        guard("stop");
        assertThat(guard("start").errors()).contains("1970-01-01T00:02:30Z: an older copy");

        write(SECOND, 200);
        guard("start");
        Files.delete(log.resolve(SECOND));
        writeNow(FIRST);
        guard("stop");
        assertThat(guard("start").errors())
                .as("an older segment, with the time of its copying")
                .contains("found " + FIRST)
                .contains("an older copy");
    }

    @Test
    void aClockThatWasSetBackKeepsNobodyOut() throws Exception {
        write(FIRST, 100);
        guard("start");
        write(FIRST, 200);
        guard("stop");

        assertThat(guard("start").status()).isZero();
    }

    @Test
    void afterACrashOfTheHostTheDataMayBeNewerButNotOlderThanAtTheStartAndNotGone() throws Exception {
        write(FIRST, 100);
        write(SECOND, 200);
        guard("start");
        Files.delete(log.resolve(SECOND));

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(guard("start").errors()).contains("found " + FIRST + " of 1970-01-01T00:01:40Z: an older copy");
            guard("stop");
        }
        write(SECOND, 199);
        assertThat(guard("start").errors()).contains("found " + SECOND + " of 1970-01-01T00:03:19Z: an older copy");
        Files.delete(log.resolve(FIRST));
        Files.delete(log.resolve(SECOND));
        assertThat(guard("start").errors()).contains("found none");
        write(SECOND, 300);
        assertThat(guard("start").status()).isZero();
    }

    @Test
    void aFirstStartThatLeftNothingMayBeRepeated() throws Exception {
        Files.writeString(configuration, "initial-cluster-state: new\n");
        guard("start");
        guard("stop");

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
                .isEqualTo(REFUSED);
    }

    @Test
    void aRecordThatItDoesNotKnowIsNoPermission() throws Exception {
        Files.writeString(record, "something else entirely\n");
        write(FIRST, 100);

        assertThat(guard("start").errors()).contains("expected a record in " + record);
        assertThat(guard("upside-down").errors()).contains("start|stop");
    }

    /** As etcd does it while it runs; returns the second of it. */
    private long writeNow(String segment) throws IOException {
        long now = Instant.now().getEpochSecond();
        write(segment, now);
        return now;
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
