package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.recipe.ExampleRecipes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RenderCommandTest {

    @TempDir
    Path directory;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void writesTheDeployment() throws IOException {
        Path target = directory.resolve("deployment");

        assertThat(run(guide(), "-o", target.toString())).isZero();
        assertThat(Deployment.readFrom(target).hosts()).contains("etcd-1", "etcd-2", "etcd-3");
        assertThat(output.toString()).contains("57 files for 5 hosts");
        assertThat(errors.toString()).isEmpty();
    }

    @Test
    void theSameRecipeGivesTheSameBytesAndWritesNothing() throws Exception {
        Path target = directory.resolve("deployment");
        run(guide(), "-o", target.toString());
        Map<String, FileTime> before = times(target);

        assertThat(run(guide(), "-o", target.toString(), "--diff")).isZero();
        assertThat(output.toString().lines().skip(1)).isEmpty();
        assertThat(run(guide(), "-o", target.toString())).isZero();
        assertThat(output.toString()).contains("are there already, unchanged");
        assertThat(times(target)).isEqualTo(before);
        Process sums = new ProcessBuilder("sha256sum", "--check", "--quiet", "SHA256SUMS")
                .directory(target.toFile())
                .start();
        assertThat(sums.waitFor()).isZero();
    }

    @Test
    void whatChangedIsShownAndAloneWritten() throws Exception {
        Path target = directory.resolve("deployment");
        run(guide(), "-o", target.toString());
        Map<String, FileTime> before = times(target);
        Path recipe = Files.writeString(
                directory.resolve("recipe.yaml"),
                Files.readString(Path.of(guide())).replace("10.0.1.12", "10.0.1.31"));

        assertThat(run(recipe.toString(), "-o", target.toString(), "--diff")).isEqualTo(1);
        assertThat(output.toString())
                .contains("would be issued: the server certificate of etcd-3: it names")
                .contains("changed: etcd-3/etc/etcd/pki/server.key\n")
                .contains("changed: etcd-1/etc/etcd/etcd.conf.yml")
                .contains("+listen-peer-urls")
                .doesNotContain("PRIVATE KEY", "manifest.json", "etcd-1/etc/etcd/pki/server.key");
        assertThat(times(target)).isEqualTo(before);

        assertThat(run(recipe.toString(), "-o", target.toString())).isZero();
        Map<String, FileTime> after = times(target);
        assertThat(after)
                .containsEntry("etcd-1/etc/etcd/pki/server.key", before.get("etcd-1/etc/etcd/pki/server.key"))
                .containsEntry("certificate-authority/ca.key", before.get("certificate-authority/ca.key"));
        assertThat(Deployment.readFrom(target)
                        .requireFile("etcd-3", "/etc/etcd/etcd.conf.yml")
                        .content()
                        .text())
                .contains("10.0.1.31");
    }

    @Test
    void filesThatAreNotOfTheDeploymentAreTold() throws IOException {
        Path target = directory.resolve("deployment");
        run(guide(), "-o", target.toString());
        Files.writeString(target.resolve("etcd-1/notes"), "mine");
        Files.delete(target.resolve("RUNBOOK.md"));
        Files.setPosixFilePermissions(
                target.resolve("certificate-authority/ca.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run(guide(), "-o", target.toString(), "--diff")).isEqualTo(1);
        assertThat(output.toString().lines().skip(1))
                .containsExactlyInAnyOrder(
                        "new: RUNBOOK.md",
                        "permissions: certificate-authority/ca.key",
                        "removed: etcd-1/notes",
                        "0 changed, 1 new, 1 removed, 1 with other permissions");

        assertThat(run(guide(), "-o", target.toString())).isZero();
        assertThat(output.toString().lines().skip(5)).element(0).isEqualTo("removed: etcd-1/notes");
    }

    @Test
    void theAuthoritysKeyMayLieElsewhereAsLongAsNothingIsIssued() throws IOException {
        Path target = directory.resolve("deployment");
        run(guide(), "-o", target.toString());
        Path safe = directory.resolve("safe");
        run(guide(), "-o", safe.toString(), "--pki", target.toString());
        Files.delete(target.resolve("certificate-authority/ca.key"));

        assertThat(run(guide(), "-o", target.toString())).isZero();
        assertThat(target.resolve("certificate-authority/ca.key")).doesNotExist();
        assertThat(run(guide(), "-o", target.toString(), "--renew")).isEqualTo(2);
        assertThat(errors.toString()).contains("expected the authority's private key at");
        assertThat(run(guide(), "-o", target.toString(), "--renew", "--pki", safe.toString()))
                .isZero();
        assertThat(Files.readString(target.resolve("etcd-1/etc/etcd/pki/ca.crt")))
                .isEqualTo(Files.readString(safe.resolve("etcd-1/etc/etcd/pki/ca.crt")));
        assertThat(target.resolve("certificate-authority/ca.key"))
                .as("what was taken away does not come back")
                .doesNotExist();
        String renewed = Files.readString(target.resolve("etcd-1/etc/etcd/pki/peer.crt"));
        assertThat(run(guide(), "-o", target.toString(), "--pki", safe.toString()))
                .isZero();
        assertThat(Files.readString(target.resolve("etcd-1/etc/etcd/pki/peer.crt")))
                .as("the older copy does not replace it")
                .isEqualTo(renewed);
    }

    @Test
    void anAuthorityIsNeverReplaced() throws IOException {
        Path target = directory.resolve("deployment");
        run(guide(), "-o", target.toString());
        Path stranger = directory.resolve("stranger");
        run(guide(), "-o", stranger.toString());
        String authority = Files.readString(target.resolve("certificate-authority/ca.crt"));

        assertThat(run(guide(), "-o", target.toString(), "--pki", stranger.toString()))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("expected one authority, found two");
        assertThat(run(
                        guide(),
                        "-o",
                        target.toString(),
                        "--pki",
                        directory.resolve("nowhere").toString()))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("expected an earlier deployment in", "nowhere (--pki), found none");

        Files.delete(target.resolve("certificate-authority/ca.crt"));
        Files.delete(target.resolve("certificate-authority/ca.key"));
        assertThat(run(guide(), "-o", target.toString())).isZero();
        assertThat(Files.readString(target.resolve("certificate-authority/ca.crt")))
                .as("it lies on every host, too")
                .isEqualTo(authority);
        for (String host : new String[] {
            "certificate-authority", "etcd-1/etc/etcd/pki", "etcd-2/etc/etcd/pki", "etcd-3/etc/etcd/pki"
        }) {
            Files.delete(target.resolve(host + "/ca.crt"));
        }
        assertThat(run(guide(), "-o", target.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("expected the authority's certificate at certificate-authority/ca.crt");
    }

    @Test
    void aDiffIsRefusedWhereRenderingWouldBe() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "mine");

        assertThat(run(guide(), "-o", directory.toString(), "--diff")).isEqualTo(2);
        assertThat(output.toString()).doesNotContain("removed");
    }

    @Test
    void aKeyThatLiesWhereNoneBelongsIsNotShown() throws IOException {
        Path target = directory.resolve("deployment");
        run(guide(), "-o", target.toString());
        Path certificate = target.resolve("etcd-1/etc/etcd/pki/server.crt");
        Files.writeString(
                certificate,
                Files.readString(certificate) + Files.readString(target.resolve("etcd-1/etc/etcd/pki/server.key")));

        assertThat(run(guide(), "-o", target.toString(), "--diff")).isEqualTo(1);
        assertThat(output.toString())
                .contains("changed: etcd-1/etc/etcd/pki/server.crt\n")
                .doesNotContain("PRIVATE KEY");
    }

    @Test
    void anotherClustersDeploymentIsNotReplaced() throws IOException {
        Path target = directory.resolve("deployment");
        run(guide(), "-o", target.toString());
        Map<String, FileTime> before = times(target);
        String other =
                ExampleRecipes.directory().resolve("production-5-node.yaml").toString();

        assertThat(run(other, "-o", target.toString())).isEqualTo(2);
        assertThat(errors.toString())
                .contains("expected the deployment of etcd-production, found that of etcd-cluster-1")
                .doesNotContain("\tat ");
        assertThat(times(target)).isEqualTo(before);
    }

    @Test
    void aDamagedKeyIsNamedAndNotShown() throws IOException {
        Path target = directory.resolve("deployment");
        run(guide(), "-o", target.toString());
        Path key = target.resolve("etcd-2/etc/etcd/pki/peer.key");
        String text = Files.readString(key);
        Files.writeString(key, text.substring(0, text.length() / 2));

        assertThat(run(guide(), "-o", target.toString())).isEqualTo(2);
        assertThat(errors.toString())
                .contains("etcd-2/etc/etcd/pki/peer.crt and the key beside it: expected a private key in PEM")
                .doesNotContain(text.lines().skip(2).findFirst().orElseThrow());
    }

    private static Map<String, FileTime> times(Path root) throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                times.put(root.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void listsEveryProblemAndWritesNothing() throws IOException {
        Path recipe = directory.resolve("recipe.yaml");
        Files.writeString(
                recipe,
                Files.readString(Path.of(guide()))
                        .replace("3.6.16", "9.9.9")
                        .replace("10.0.1.12", "10.0.9.12")
                        .replace("profile", "profil"));
        Path target = directory.resolve("deployment");

        assertThat(run(recipe.toString(), "-o", target.toString())).isEqualTo(2);
        assertThat(errors.toString().lines()).hasSize(3).allMatch(line -> line.startsWith(recipe + ":"));
        assertThat(target).doesNotExist();
    }

    @Test
    void refusesADirectoryThatHoldsSomethingElse() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "mine");

        assertThat(run(guide(), "-o", directory.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("name another directory").doesNotContain("\tat ");
        assertThat(directory).isDirectoryContaining(file -> file.endsWith("notes.txt"));
    }

    @Test
    void saysInOneLineWhenTheDirectoryCannotBeWritten() throws IOException {
        Path file = directory.resolve("file");
        Files.writeString(file, "");

        assertThat(run(guide(), "-o", file.resolve("below").toString())).isEqualTo(3);
        assertThat(errors.toString().lines()).hasSize(1);
    }

    @Test
    void refusesMissingArgumentsAndExplainsItself() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--help")).isZero();
        assertThat(output.toString()).contains("Example:", "Exit codes:", "render recipes/guide-3-node.yaml -o");
    }

    private int run(String... arguments) {
        return new CommandLine(new RenderCommand())
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    private static String guide() {
        return ExampleRecipes.directory().resolve("guide-3-node.yaml").toString();
    }
}
