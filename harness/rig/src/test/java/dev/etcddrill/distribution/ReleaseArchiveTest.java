package dev.etcddrill.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.etcddrill.recipe.EtcdVersion;
import dev.etcddrill.run.Checksum;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of scripts that say a version, served from loopback. */
class ReleaseArchiveTest {
    private static final EtcdVersion VERSION = EtcdVersion.parse("3.6.16");
    private static final String NAME =
            "etcd-v3.6.16-linux-" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");

    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();
    private final Map<String, byte[]> files = new HashMap<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = files.get(exchange.getRequestURI().getPath());
            if (body == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private DistributionResolver resolver() {
        return new DistributionResolver(
                Optional.empty(),
                List.of(),
                directory.resolve("cache"),
                Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/releases")),
                Optional.empty(),
                progress::add);
    }

    private static void entry(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private String publish(String version) throws IOException {
        Path archive = directory.resolve("archive.tar.gz");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GzipCompressorOutputStream(Files.newOutputStream(archive)))) {
            entry(tar, NAME + "/README.md", "readme");
            entry(tar, NAME + "/../../../escaped", "harm");
            entry(tar, NAME + "/etcd", "#!/bin/sh\necho 'etcd Version: " + version + "'\n");
            entry(tar, NAME + "/etcdctl", "#!/bin/sh\necho 'etcdctl version: " + version + "'\n");
            entry(tar, NAME + "/etcdutl", "#!/bin/sh\necho 'etcdutl version: " + version + "'\n");
        }
        files.put("/releases/v3.6.16/" + NAME + ".tar.gz", Files.readAllBytes(archive));
        String sum = Checksum.sha256(archive);
        list(sum);
        return sum;
    }

    private void list(String sum) {
        files.put(
                "/releases/v3.6.16/SHA256SUMS",
                ("0".repeat(64) + "  another.tar.gz\n" + sum + "  " + NAME + ".tar.gz\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aVerifiedArchiveIsUnpackedOnceAndItsOriginTold() throws IOException {
        String sum = publish("3.6.16");

        Distribution first = resolver().resolve(VERSION);
        server.stop(0);
        Distribution second = resolver().resolve(VERSION);

        assertThat(first.origin()).contains("in the cache", "from the release archive http://127.0.0.1:", sum);
        assertThat(second).isEqualTo(first);
        assertThat(directory.resolve("escaped")).doesNotExist();
        try (var stored = Files.list(first.etcd().getParent())) {
            assertThat(stored.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("etcd", "etcdctl", "etcdutl", "SHA256SUMS", "ORIGIN");
        }
    }

    @Test
    void anArchiveWithAnotherHashIsRefusedWithBothAndNothingIsKept() throws IOException {
        String sum = publish("3.6.16");
        list("a".repeat(64));

        assertThatThrownBy(() -> resolver().resolve(VERSION))
                .isInstanceOf(DistributionUnavailableException.class)
                .hasMessageContaining(sum)
                .hasMessageContaining("a".repeat(64))
                .hasMessageContaining("was not unpacked");
        try (var left = Files.walk(directory.resolve("cache"))) {
            assertThat(left.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.endsWith(".lock"));
        }
    }

    @Test
    void aListWithoutTheArchiveIsNotEnough() throws IOException {
        publish("3.6.16");
        files.put("/releases/v3.6.16/SHA256SUMS", "".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> resolver().resolve(VERSION))
                .hasMessageContaining("has no SHA-256 of " + NAME)
                .hasMessageContaining("no Go toolchain on PATH");
    }

    @Test
    void anArchiveThatIsNotThereIsToldWithTheOtherWays() {
        assertThatThrownBy(() -> resolver().resolve(VERSION))
                .hasMessageContaining("answers with status 404")
                .hasMessageContaining("not in the cache")
                .hasMessageContaining("no Go toolchain on PATH");
    }

    @Test
    void anArchiveOfAnotherVersionIsRefused() throws IOException {
        publish("3.6.15");

        assertThatThrownBy(() -> resolver().resolve(VERSION))
                .hasMessageContaining("says version 3.6.15 instead of 3.6.16");
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new ReleaseArchive(URI.create("file:///releases")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http or https");
    }
}
