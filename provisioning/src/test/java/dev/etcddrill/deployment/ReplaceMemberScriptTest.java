package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script that replaces etcd-1, in a real bash. A stand-in for etcdctl keeps the list of members in a file; the drill
 * <em>data lost</em> runs the same script against real members.
 */
class ReplaceMemberScriptTest {
    private static final String OTHERS = """
            b, started, etcd-2, https://10.0.1.11:2380, https://10.0.1.11:2379, false
            c, started, etcd-3, https://10.0.1.12:2380, https://10.0.1.12:2379, false
            """;
    private static final String SELF = "a, started, etcd-1, https://10.0.1.10:2380, https://10.0.1.10:2379, false\n";

    @TempDir
    Path directory;

    private Path script;
    private Path members;
    private Path data;
    private Path log;
    private Path record;
    private Path configuration;

    private record Result(int status, String errors) {}

    @BeforeEach
    void theScriptOnPathsOfTheTest() throws IOException {
        members = directory.resolve("members");
        data = Files.createDirectory(directory.resolve("data"));
        log = Files.createDirectory(directory.resolve("wal"));
        Files.writeString(log.resolve("0.wal"), "old");
        record = directory.resolve("data-record");
        configuration = directory.resolve("etcd.conf.yml");
        Files.writeString(configuration, """
                name: 'etcd-1'
                initial-cluster: 'etcd-1=https://10.0.1.10:2380,etcd-2=https://10.0.1.11:2380,etcd-3=https://10.0.1.12:2380'
                initial-cluster-state: new
                """);
        program("etcdctl", """
                case " $* " in
                  *' get '*) [[ -z ${NO_MAJORITY-} ]] || exit 1 ;;
                  *' member list '*) cat %1$s ;;
                  *' member remove '*) sed -i "/^${@: -1}, /d" %1$s ;;
                  *' member add '*)
                    [[ -z ${UNHEALTHY-} ]] || { echo 'Error: etcdserver: unhealthy cluster' >&2; exit 1; }
                    echo 'd, unstarted, , https://10.0.1.10:2380, , false' >>%1$s ;;
                esac
                """.formatted(members));
        // The user etcd is not on every machine that builds; the drill runs the real one.
        program("install", """
                echo "$@" >%s
                for word; do case $word in /*) mkdir -p "$word" ;; esac; done
                """.formatted(directory.resolve("installed")));
        Path bootstrap =
                program("etcd-bootstrap-complete.sh", "sed -i 's/state: new/state: existing/' " + configuration);
        String rendered = SampleDeployments.GUIDE
                .requireFile("etcd-1", "/usr/local/bin/etcd-replace-member.sh")
                .content()
                .text();
        assertThat(rendered).contains("(( EUID == 0 ))", "ADD_PATIENCE=30");
        script = directory.resolve("replace.sh");
        Files.writeString(
                script,
                rendered.replace("(( EUID == 0 ))", "true")
                        .replace("ADD_PATIENCE=30", "ADD_PATIENCE=0")
                        .replace("export PATH=", "export PATH=" + directory + ":")
                        .replace("/usr/local/bin/etcd-bootstrap-complete.sh", bootstrap.toString())
                        .replaceAll("(?m)^readonly DATA_DIRECTORY=.*$", "readonly DATA_DIRECTORY=" + data)
                        .replaceAll("(?m)^readonly WAL_DIRECTORY=.*$", "readonly WAL_DIRECTORY=" + log)
                        .replaceAll("(?m)^readonly CONFIGURATION=.*$", "readonly CONFIGURATION=" + configuration)
                        .replaceAll("(?m)^readonly DATA_RECORD=.*$", "readonly DATA_RECORD=" + record));
    }

    @Test
    void aMemberIsTakenOutAndPutInAgainWithoutData() throws Exception {
        Files.writeString(members, SELF + OTHERS);

        assertThat(replace("remove").status()).isZero();
        assertThat(members).hasContent(OTHERS);
        assertThat(log.resolve("0.wal")).exists();
        Result added = replace("add");

        assertThat(added.status()).as(added.errors()).isZero();
        assertThat(added.errors()).contains("etcd-1 is member d now");
        assertThat(record).hasContent("empty");
        assertThat(log).isEmptyDirectory();
        try (Stream<Path> beside = Files.list(directory)) {
            assertThat(beside.filter(path -> path.getFileName().toString().startsWith("wal.before-replacement-")))
                    .singleElement()
                    .satisfies(aside -> assertThat(aside.resolve("0.wal")).hasContent("old"));
        }
        assertThat(configuration)
                .content()
                .contains("initial-cluster-state: existing")
                .contains("https://10.0.1.12:2380");
    }

    /** Put back by hand they belong to root, and etcd could not write there. */
    @Test
    void theDirectoriesAreEtcdsOwnWhetherTheyWereThereOrNot() throws Exception {
        for (boolean there : new boolean[] {true, false}) {
            Files.writeString(members, OTHERS);
            if (!there) {
                Files.delete(log);
                Files.delete(data);
            }

            assertThat(replace("add").status()).isZero();

            assertThat(directory.resolve("installed"))
                    .content()
                    .contains("--owner=etcd", "--mode=0700")
                    .endsWith("-- " + directory + " " + log + " " + data + "\n");
            assertThat(log).isDirectory();
            assertThat(data).isDirectory();
        }
    }

    @Test
    void eachStepMayBeRepeated() throws Exception {
        Files.writeString(members, SELF + OTHERS);
        for (int time = 0; time < 2; time++) {
            assertThat(replace("remove").status()).isZero();
        }
        for (int time = 0; time < 2; time++) {
            assertThat(replace("add").status()).isZero();
        }
        assertThat(members).content().containsOnlyOnce("10.0.1.10");
    }

    @Test
    void whereAnotherMemberIsOutTheConfigurationNamesThoseOfNow() throws Exception {
        Files.writeString(members, OTHERS.lines().findFirst().orElseThrow() + "\n");

        assertThat(replace("add").status()).isZero();

        assertThat(Files.readAllLines(configuration))
                .contains("initial-cluster: 'etcd-2=https://10.0.1.11:2380,etcd-1=https://10.0.1.10:2380'");
    }

    @Test
    void aMemberThatIsInTheClusterIsNotPutInTwiceAndKeepsItsData() throws Exception {
        Files.writeString(members, SELF + OTHERS);

        assertThat(replace("add").errors()).contains("is in the cluster as member a; take it out first");
        assertThat(log.resolve("0.wal")).exists();
    }

    @Test
    void nothingIsDoneWithoutAMajority() throws Exception {
        Files.writeString(members, SELF + OTHERS);

        Result refused = replace("remove", "NO_MAJORITY=yes");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.errors()).contains("no other member has a majority behind it");
        assertThat(members).hasContent(SELF + OTHERS);
    }

    @Test
    void aClusterThatTakesNobodyInIsToldAndTheGuardGivesNoPermission() throws Exception {
        Files.writeString(members, OTHERS);

        Result refused = replace("add", "UNHEALTHY=yes");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.errors()).contains("does not take etcd-1 in", "unhealthy cluster");
        assertThat(record).doesNotExist();
    }

    @Test
    void anotherMemberThatWasPutInIsWaitedFor() throws Exception {
        Files.writeString(members, OTHERS.replace("c, started, etcd-3", "c, unstarted, "));

        Result refused = replace("add");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.errors()).contains("https://10.0.1.12:2380 was put in, but has not started yet");
        assertThat(members).content().doesNotContain("10.0.1.10");
    }

    private Path program(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/bash\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private Result replace(String step, String... environment) throws IOException, InterruptedException {
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString(), step)
                .redirectError(errors.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        for (String variable : environment) {
            builder.environment().put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        }
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(errors));
    }
}
