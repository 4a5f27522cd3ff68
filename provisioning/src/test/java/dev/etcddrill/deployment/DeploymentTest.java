package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.ExampleRecipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {

    private static final Deployment GUIDE = SampleDeployments.GUIDE;

    @TempDir
    Path directory;

    @Test
    void everyMemberGetsTheSameFilesWithItsOwnKeys() {
        for (String member : List.of("etcd-1", "etcd-2", "etcd-3")) {
            assertThat(GUIDE.files().stream().filter(file -> file.host().equals(member)))
                    .extracting(file -> file.path() + " " + DeploymentPath.formatMode(file.mode()) + " " + file.owner()
                            + ":" + file.group())
                    .containsExactlyInAnyOrder(
                            "/etc/etcd/etcd.conf.yml 0640 root:etcd",
                            "/etc/etcd/etcdctl.env 0644 root:root",
                            "/etc/etcd/pki/ca.crt 0644 root:root",
                            "/etc/etcd/pki/server.crt 0644 root:root",
                            "/etc/etcd/pki/server.key 0640 root:etcd",
                            "/etc/etcd/pki/peer.crt 0644 root:root",
                            "/etc/etcd/pki/peer.key 0640 root:etcd",
                            "/etc/etcd/pki/backup-client.crt 0644 root:root",
                            "/etc/etcd/pki/backup-client.key 0600 root:root",
                            "/etc/etcd/pki/healthcheck-client.crt 0644 root:root",
                            "/etc/etcd/pki/healthcheck-client.key 0600 root:root",
                            "/etc/systemd/system/etcd.service 0644 root:root",
                            "/usr/local/bin/etcd-backup.sh 0755 root:root",
                            "/usr/local/bin/etcd-restore.sh 0755 root:root",
                            "/usr/local/bin/etcd-bootstrap-complete.sh 0755 root:root",
                            "/usr/local/bin/etcd-data-guard.sh 0755 root:root",
                            "/usr/local/bin/etcd-replace-member.sh 0755 root:root");
            assertThat(GUIDE.directories().stream().filter(each -> each.host().equals(member)))
                    .contains(
                            new DeploymentDirectory(member, "/var/lib/etcd", 0700, "etcd", "etcd"),
                            new DeploymentDirectory(member, "/var/lib/etcd-wal", 0700, "etcd", "etcd"),
                            new DeploymentDirectory(member, "/etc/etcd", 0750, "root", "etcd"));
        }
        assertThat(Stream.of("etcd-1", "etcd-2", "etcd-3")
                        .flatMap(member -> Stream.of("server", "peer")
                                .map(name -> GUIDE.requireFile(member, "/etc/etcd/pki/" + name + ".key")
                                        .content())))
                .doesNotHaveDuplicates();
    }

    @Test
    void theAuthoritysKeyIsOnNoHostOfTheCluster() {
        FileContent key =
                GUIDE.requireFile(Deployment.CERTIFICATE_AUTHORITY, "/ca.key").content();

        assertThat(GUIDE.files().stream().filter(file -> file.content().equals(key)))
                .extracting(DeploymentFile::host)
                .containsExactly(Deployment.CERTIFICATE_AUTHORITY);
    }

    @Test
    void fiveMembersAreRenderedAsWellAsThree() {
        ClusterRecipe recipe = ExampleRecipes.production();
        Deployment deployment = Deployment.render(
                recipe, PublicKeyInfrastructure.issue(recipe, SampleDeployments.CLOCK, new SecureRandom()));

        assertThat(deployment.hosts())
                .containsExactlyInAnyOrder(
                        "etcd-1",
                        "etcd-2",
                        "etcd-3",
                        "etcd-4",
                        "etcd-5",
                        Deployment.CONTROL_PLANE,
                        Deployment.CERTIFICATE_AUTHORITY);
        assertThat(deployment
                        .requireFile("etcd-5", "/etc/etcd/etcd.conf.yml")
                        .content()
                        .text())
                .contains("listen-peer-urls: 'https://10.20.30.15:2380'")
                .contains("quota-backend-bytes: 8589934592");
        assertThat(deployment.runbook().text()).contains("survives the loss of 2");
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        GUIDE.writeTo(directory.resolve("deployment"));

        assertThat(Deployment.readFrom(directory.resolve("deployment"))).isEqualTo(GUIDE);
    }

    @Test
    void nobodyElseCanReadPrivateKeysOnDisk() throws IOException {
        Path target = directory.resolve("deployment");
        GUIDE.writeTo(target);

        assertThat(permissions(target)).isEqualTo("rwx------");
        assertThat(permissions(target.resolve("certificate-authority/ca.key"))).isEqualTo("rw-------");
        assertThat(permissions(target.resolve("etcd-1/etc/etcd/pki/server.key")))
                .isEqualTo("rw-------");
        assertThat(permissions(target.resolve("etcd-1/usr/local/bin/etcd-backup.sh")))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void withoutSecretsNoPrivateKeyIsLeft() throws IOException {
        Path target = directory.resolve("deployment");
        GUIDE.withoutSecrets().writeTo(target);

        try (Stream<Path> files = Files.walk(target).filter(Files::isRegularFile)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("PRIVATE KEY"));
        }
        assertThat(Deployment.readFrom(target)).isEqualTo(GUIDE.withoutSecrets());
    }

    @Test
    void replacesAnEarlierDeploymentAsAWholeAndNothingElse() throws IOException {
        Path target = directory.resolve("deployment");
        GUIDE.writeTo(target);
        Files.writeString(target.resolve("etcd-1/left-over"), "old");
        GUIDE.withoutSecrets().writeTo(target);
        Path foreign = Files.createDirectories(directory.resolve("foreign"));
        Files.writeString(foreign.resolve("notes.txt"), "mine");

        assertThat(target.resolve("etcd-1/left-over")).doesNotExist();
        assertThatThrownBy(() -> GUIDE.writeTo(foreign))
                .isInstanceOf(OccupiedDirectoryException.class)
                .hasMessageContaining("name another directory");
        assertThat(foreign.resolve("notes.txt")).hasContent("mine");
        try (Stream<Path> entries = Files.list(directory)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .as("no temporary directory stays")
                    .containsExactlyInAnyOrder("deployment", "foreign");
        }
    }

    @Test
    void noticesFilesThatWereAltered() throws IOException {
        Path target = directory.resolve("deployment");
        GUIDE.writeTo(target);
        Files.writeString(target.resolve("etcd-2/etc/etcd/etcd.conf.yml"), "name: other\n");

        assertThatThrownBy(() -> Deployment.readFrom(target))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("etcd-2/etc/etcd/etcd.conf.yml")
                .hasMessageContaining("as the manifest says");
    }

    @Test
    void aManifestCannotPointOutOfTheTree() throws IOException {
        Path target = directory.resolve("deployment");
        GUIDE.writeTo(target);
        Path manifest = target.resolve("manifest.json");
        Files.writeString(
                manifest, Files.readString(manifest).replaceFirst("/etc/etcd/etcd.conf.yml", "/../../../etc/passwd"));

        assertThatThrownBy(() -> Deployment.readFrom(target)).isInstanceOf(IOException.class);
    }

    @Test
    void anOverlayReplacesContentAndKeepsModeAndOwner() throws IOException {
        Path overlay = Files.createDirectories(directory.resolve("overlay/etcd-1/etc/etcd"));
        Files.writeString(overlay.resolve("etcd.conf.yml"), "name: flawed\n");
        Path hook = overlay.resolve("backup-offhost-hook");
        Files.writeString(hook, "#!/bin/bash\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-x---"));

        Deployment changed = GUIDE.withOverlay(directory.resolve("overlay"));

        assertThat(changed.requireFile("etcd-1", "/etc/etcd/etcd.conf.yml"))
                .isEqualTo(GUIDE.requireFile("etcd-1", "/etc/etcd/etcd.conf.yml")
                        .withContent(FileContent.ofText("name: flawed\n")));
        assertThat(changed.requireFile("etcd-1", "/etc/etcd/backup-offhost-hook")
                        .mode())
                .isEqualTo(0750);
        assertThat(changed.requireFile("etcd-2", "/etc/etcd/etcd.conf.yml"))
                .isEqualTo(GUIDE.requireFile("etcd-2", "/etc/etcd/etcd.conf.yml"));
    }

    @Test
    void anOverlayForAnUnknownHostIsRefused() throws IOException {
        Path overlay = Files.createDirectories(directory.resolve("overlay/etcd-9/etc"));
        Files.writeString(overlay.resolve("file"), "");

        assertThatThrownBy(() -> GUIDE.withOverlay(directory.resolve("overlay")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("etcd-9")
                .hasMessageContaining("etcd-1");
    }

    @Test
    void nothingPrintsAPrivateKey() {
        assertThat(GUIDE.toString()).contains("FileContent[").doesNotContain("PRIVATE KEY");
    }

    @Test
    void noRenderedFileHasAPlaceholderLeft() {
        assertThat(GUIDE.files())
                .allSatisfy(file ->
                        assertThat(file.content().text()).as(file.path()).doesNotContain("{{"));
        assertThat(GUIDE.runbook().text()).doesNotContain("{{");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
