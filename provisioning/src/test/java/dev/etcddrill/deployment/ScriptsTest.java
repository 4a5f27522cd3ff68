package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.recipe.ExampleRecipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rendered scripts in a real bash. Stand-ins take the place of etcdctl and etcdutl; nothing else is replaced. */
class ScriptsTest {

    private static final String PATH_LINE = "export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin";

    @TempDir
    Path directory;

    private Path programs;
    private Path backups;
    private Path snapshot;

    record Result(int status, List<String> output, String errors) {}

    @BeforeEach
    void standInsForEtcdsPrograms() throws Exception {
        programs = Files.createDirectory(directory.resolve("programs"));
        backups = directory.resolve("backups");
        snapshot = directory.resolve("source.db");
        Files.write(snapshot, snapshotOf(8192));
        program("etcdctl", """
                #!/bin/bash
                [[ ! -v ETCDCTL_ENDPOINTS ]] || { echo 'conflicting environment variable' >&2; exit 1; }
                for argument; do
                  case $argument in
                    --endpoints=*) endpoint=${argument#*=} ;;
                  esac
                done
                [[ -z ${DEAD_ENDPOINT-} || $endpoint != *"$DEAD_ENDPOINT"* ]] || { echo 'connection refused' >&2; exit 1; }
                case " $* " in
                  *' endpoint status '*)
                    printf '"ClusterID" : %s\\n"MemberID" : 1844674407370955161%s\\n"Leader" : %s\\n' \\
                      "7${STRANGER:+${endpoint: -6:1}}" "${endpoint: -6:1}" "${LEADER-18446744073709551611}" ;;
                  *' get '*) [[ -z ${NO_MAJORITY-} ]] || { echo 'Error: context deadline exceeded' >&2; exit 1; } ;;
                  *' snapshot save '*)
                    [[ -z ${SAVE_FAILS-} ]] || { echo 'Error: no space left on device' >&2; exit 5; }
                    printf '%s\\n' "$endpoint" >>"$SAVED_FROM"
                    cp "$SNAPSHOT_SOURCE" "${@: -1}" ;;
                esac
                """);
        program("etcdutl", """
                #!/bin/bash
                case " $* " in
                  *' version '*) echo 'etcdutl version: 3.6.16' ;;
                  *) echo '{"hash":7,"revision":42,"totalKey":5,"totalSize":8192,"version":"3.6.0"}' ;;
                esac
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etcd-backup.sh",
                "etcd-restore.sh",
                "etcd-bootstrap-complete.sh",
                "etcd-data-guard.sh",
                "etcd-replace-member.sh"
            })
    void everyScriptIsStrictBash(String name) throws Exception {
        Path script = directory.resolve(name);
        Files.writeString(script, script(name));

        assertThat(Files.readString(script)).contains("set -Eeuo pipefail", PATH_LINE);
        assertThat(run(List.of("bash", "-n", script.toString()), List.of()).status())
                .isZero();
    }

    @Test
    void aGoodSnapshotIsKeptCompressedWithItsMetadata() throws Exception {
        Result result = backUp();

        assertThat(result.status()).as(result.errors()).isZero();
        Path archive = Path.of(result.output().get(result.output().size() - 1));
        assertThat(archive).isRegularFile().hasParent(backups);
        assertThat(archive.getFileName().toString())
                .matches("etcd-snapshot-etcd-cluster-1-\\d{8}T\\d{6}\\.\\d{9}Z-revision-42\\.db\\.gz");
        assertThat(run(List.of("gzip", "--decompress", "--keep", archive.toString()), List.of())
                        .status())
                .isZero();
        assertThat(Files.readAllBytes(Path.of(archive.toString().replace(".gz", ""))))
                .isEqualTo(Files.readAllBytes(snapshot));
        assertThat(Files.readString(Path.of(archive + ".json")))
                .contains("\"endpoint\": \"https://10.0.1.11:2379\"", "\"revision\": 42", "\"totalKey\": 5")
                .contains("\"totalSize\": 8192", "\"hash\": 7", "\"etcdutlVersion\": \"3.6.16\"");
        assertThat(permissions(archive)).isEqualTo("rw-------");
        assertThat(permissions(backups)).isEqualTo("rwx------");
    }

    @Test
    void theLeaderIsAskedAndAnotherMemberOnlyWithoutIt() throws Exception {
        assertThat(backUp().status()).isZero();
        assertThat(backUp("DEAD_ENDPOINT=10.0.1.11").status()).isZero();

        assertThat(Files.readAllLines(directory.resolve("saved-from")))
                .containsExactly("https://10.0.1.11:2379", "https://10.0.1.10:2379");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEADER=0", "NO_MAJORITY=1", "STRANGER=1", "SAVE_FAILS=1", "DEAD_ENDPOINT=10.0.1."})
    void anyFailureIsLoudAndKeepsOlderSnapshots(String failure) throws Exception {
        assertThat(backUp().status()).isZero();
        List<String> before = backupFiles();

        Result result = backUp(failure);

        assertThat(result.status()).isNotZero();
        assertThat(result.errors()).contains("etcd-backup.sh: ");
        assertThat(result.output()).as("no path is reported").isEmpty();
        assertThat(backupFiles()).as("no partial file, no deletion").isEqualTo(before);
    }

    @Test
    void aDamagedSnapshotIsNotKept() throws Exception {
        byte[] damaged = snapshotOf(8192);
        damaged[5000] ^= 1;
        Files.write(snapshot, damaged);

        Result result = backUp();

        assertThat(result.status()).isNotZero();
        assertThat(result.errors()).contains("it is damaged");
        assertThat(backupFiles()).containsExactly(".lock");
    }

    @Test
    void aMissingProgramIsAFailure() throws Exception {
        Files.delete(programs.resolve("etcdutl"));

        Result result = backUp();

        assertThat(result.status()).isNotZero();
        assertThat(backupFiles()).containsExactly(".lock");
    }

    @Test
    void retentionKeepsTheNewestAndTakesMetadataAlong() throws Exception {
        for (int run = 0; run < 4; run++) {
            assertThat(backUp().status()).isZero();
        }

        assertThat(backupFiles().stream().filter(name -> name.endsWith(".db.gz")))
                .hasSize(3);
        assertThat(backupFiles().stream().filter(name -> name.endsWith(".json")))
                .hasSize(3);
    }

    @Test
    void theSnapshotJustTakenIsKeptEvenWhereNamesFromAClockThatWasAheadSortBehindIt() throws Exception {
        Files.createDirectories(backups);
        for (int number = 1; number <= 3; number++) {
            Files.writeString(
                    backups.resolve(
                            "etcd-snapshot-etcd-cluster-1-29990101T00000" + number + ".000000000Z-revision-9.db.gz"),
                    "");
        }

        Result result = backUp();

        assertThat(result.status()).as(result.errors()).isZero();
        assertThat(Path.of(result.output().get(result.output().size() - 1))).isRegularFile();
        assertThat(result.errors()).contains("check the clock");
    }

    @Test
    void remainsOfAKilledRunAreRemoved() throws Exception {
        Files.createDirectories(backups.resolve(".in-progress.abc"));

        assertThat(backUp().status()).isZero();
        assertThat(backups.resolve(".in-progress.abc")).doesNotExist();
    }

    @Test
    void twoRunsAtOnceAreRefused() throws Exception {
        Files.createDirectories(backups);
        Path script = scriptFile("etcd-backup.sh");

        Result result =
                run(List.of("flock", backups.resolve(".lock").toString(), "bash", script.toString()), List.of());

        assertThat(result.status()).isNotZero();
        assertThat(result.errors()).contains("another backup is running");
    }

    @Test
    void aFailingOffHostHookIsAFailureThoughTheSnapshotStays() throws Exception {
        Path hook = program("hook", "#!/bin/bash\necho 'to the vault' \nexit 9\n");
        Path script = directory.resolve("with-hook.sh");
        Files.writeString(
                script,
                Files.readString(scriptFile("etcd-backup.sh"))
                        .replace("/etc/etcd/backup-offhost-hook", hook.toString()));

        Result result = run(List.of("bash", script.toString()), List.of());

        assertThat(result.status()).isNotZero();
        assertThat(result.errors()).contains("to the vault", "it is on this host only");
        assertThat(backupFiles()).anyMatch(name -> name.endsWith(".db.gz.json"));
    }

    @Test
    void theHashInASnapshotTellsGoodFilesFromDamagedOnes() throws Exception {
        byte[] good = snapshotOf(4096);
        byte[] flipped = good.clone();
        flipped[17] ^= 0x10;
        byte[] otherHash = good.clone();
        otherHash[4096 + 3] ^= 1;

        assertThat(verify(good).status()).isZero();
        assertThat(verify(good).output())
                .containsExactly(HexFormat.of().formatHex(Arrays.copyOfRange(good, 4096, 4128)));
        assertThat(verify(flipped).errors()).contains("it is damaged");
        assertThat(verify(otherHash).errors()).contains("it is damaged");
        assertThat(verify(Arrays.copyOf(good, good.length - 1)).errors()).contains("cut off");
        assertThat(verify(Arrays.copyOf(good, good.length - 512)).errors()).contains("it is damaged");
        assertThat(verify(Arrays.copyOf(good, good.length - 32)).errors()).contains("cut off");
        assertThat(verify(new byte[0]).errors()).contains("cut off");
        assertThat(verify(new byte[32]).errors()).contains("cut off");
        assertThat(Stream.of(flipped, otherHash, new byte[0]))
                .allSatisfy(damaged -> assertThat(verify(damaged).status()).isEqualTo(1));
    }

    @Test
    void closingTheBootstrapChangesOneLineAndKeepsTheMode() throws Exception {
        Path configuration = directory.resolve("etcd.conf.yml");
        String rendered = SampleDeployments.GUIDE
                .requireFile("etcd-1", "/etc/etcd/etcd.conf.yml")
                .content()
                .text();
        Files.writeString(configuration, rendered);
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-r-----"));
        Path script = directory.resolve("bootstrap.sh");
        Files.writeString(
                script,
                script("etcd-bootstrap-complete.sh").replace("/etc/etcd/etcd.conf.yml", configuration.toString()));

        for (int run = 0; run < 2; run++) {
            assertThat(run(List.of("bash", script.toString()), List.of()).status())
                    .isZero();
            assertThat(configuration)
                    .hasContent(rendered.replace("initial-cluster-state: new", "initial-cluster-state: existing"));
            assertThat(permissions(configuration)).isEqualTo("rw-r-----");
        }
        Files.writeString(configuration, "name: other\n");
        assertThat(run(List.of("bash", script.toString()), List.of()).errors())
                .contains("set it to \"existing\" by hand");
    }

    private Result backUp(String... environment) throws Exception {
        return run(List.of("bash", scriptFile("etcd-backup.sh").toString()), List.of(environment));
    }

    private Result verify(byte[] content) throws IOException {
        try {
            Path file = directory.resolve("checked.db");
            Files.write(file, content);
            String functions = Template.named("verify-snapshot.sh").render();
            return run(
                    List.of(
                            "bash",
                            "-c",
                            "set -Eeuo pipefail\n" + functions + "\nverify_snapshot \"$1\"",
                            "-",
                            file.toString()),
                    List.of());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while bash ran", interrupted);
        }
    }

    /** The rendered script, with the directory of the stand-ins before its own path. */
    private Path scriptFile(String name) throws IOException {
        Path file = directory.resolve(name);
        String text = script(name);
        assertThat(text).containsOnlyOnce(PATH_LINE);
        Files.writeString(file, text.replace("export PATH=", "export PATH=" + programs + ":"));
        return file;
    }

    private String script(String name) {
        return Deployment.render(
                        ExampleRecipes.guideWith(
                                "  members:", "  backup: {directory: " + backups + ", keep: 3}\n  members:"),
                        SampleDeployments.GUIDE_PKI)
                .requireFile("etcd-1", "/usr/local/bin/" + name)
                .content()
                .text();
    }

    private Path program(String name, String text) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private Result run(List<String> command, List<String> environment) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        // Set on purpose: scripts have to get rid of it (docs/rules.md section 2 trap 3).
        builder.environment().put("ETCDCTL_ENDPOINTS", "https://10.9.9.9:2379");
        builder.environment().put("SNAPSHOT_SOURCE", snapshot.toString());
        builder.environment().put("SAVED_FROM", directory.resolve("saved-from").toString());
        for (String variable : environment) {
            builder.environment().put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        }
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("ends in a minute: %s", command)
                .isTrue();
        return new Result(process.exitValue(), Files.readAllLines(output), Files.readString(errors));
    }

    private List<String> backupFiles() throws IOException {
        try (Stream<Path> files = Files.list(backups)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] snapshotOf(int databaseSize) throws Exception {
        byte[] content = new byte[databaseSize];
        new Random(databaseSize).nextBytes(content);
        byte[] whole = Arrays.copyOf(content, databaseSize + 32);
        System.arraycopy(MessageDigest.getInstance("SHA-256").digest(content), 0, whole, databaseSize, 32);
        return whole;
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
