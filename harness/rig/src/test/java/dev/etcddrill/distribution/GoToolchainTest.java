package dev.etcddrill.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A toolchain of one script, served by a module proxy on loopback. */
class GoToolchainTest {
    private static final String ARCHITECTURE = ReleaseArchive.architecture();
    private static final String TOP = "golang.org/toolchain@v0.0.1-go1.2.3.linux-" + ARCHITECTURE + "/";
    private static final String PATH = "/golang.org/toolchain/@v/v0.0.1-go1.2.3.linux-" + ARCHITECTURE + ".zip";

    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();
    private final List<String> tried = new ArrayList<>();
    private final Map<String, byte[]> files = new HashMap<>();
    private final Map<String, String> content = new TreeMap<>(Map.of(
            TOP + "bin/go",
            "#!/bin/sh\necho go version go1.2.3 $GOTOOLCHAIN\n",
            TOP + "src/fmt/print.go",
            "package fmt\n"));
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = files.get(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
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

    private byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : content.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** As golang.org/x/mod/sumdb/dirhash describes it. */
    private String hash() throws NoSuchAlgorithmException {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, String> file : content.entrySet()) {
            lines.append(HexFormat.of().formatHex(sha256(file.getValue())))
                    .append("  ")
                    .append(file.getKey())
                    .append('\n');
        }
        return "h1:" + Base64.getEncoder().encodeToString(sha256(lines.toString()));
    }

    private static byte[] sha256(String text) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private String proxy() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Optional<List<String>> find(Optional<String> proxies, String hash, Path... searchPath) {
        return new GoToolchain(
                        new SearchPath(List.of(searchPath)),
                        new ProgramCache(directory.resolve("cache"), progress::add),
                        proxies,
                        new GoToolchain.Release("1.2.3", Map.of(ARCHITECTURE, hash)),
                        progress::add)
                .find(tried);
    }

    private static String run(List<String> start) {
        List<String> command = new ArrayList<>(start);
        command.add("version");
        return CommandOutput.of(Path.of("/"), Duration.ofSeconds(20), command).lastLine();
    }

    @Test
    void oneThatIsInstalledIsTaken() throws IOException {
        Path installed = Files.createDirectories(directory.resolve("bin")).resolve("go");
        Files.writeString(installed, "#!/bin/sh\n");
        assertThat(installed.toFile().setExecutable(true)).isTrue();

        assertThat(find(Optional.of(proxy()), "h1:none", directory.resolve("bin")))
                .hasValue(List.of(installed.toString()));
        assertThat(progress).isEmpty();
    }

    @Test
    void oneIsTakenFromTheModuleProxyUnpackedAndKept() throws Exception {
        files.put(PATH, zip());

        List<String> fetched =
                find(Optional.of("direct," + proxy() + "/,off"), hash()).orElseThrow();
        files.clear();
        List<String> kept = find(Optional.empty(), hash()).orElseThrow();

        assertThat(run(fetched)).isEqualTo("go version go1.2.3 local");
        assertThat(kept).isEqualTo(fetched);
        assertThat(progress).containsExactly("Go 1.2.3: fetching it from the module proxy (70 MB, once)");
    }

    @Test
    void oneWithAnotherHashIsNotUnpackedAndNotKept() throws Exception {
        String expected = hash();
        content.put(TOP + "bin/go", "#!/bin/sh\necho changed on the way\n");
        files.put(PATH, zip());

        assertThatThrownBy(() -> find(Optional.of(proxy()), expected))
                .isInstanceOf(DistributionUnavailableException.class)
                .hasMessageContaining("has the directory hash " + hash() + ", but expected was " + expected);
        assertThat(find(Optional.empty(), expected)).isEmpty();
    }

    @Test
    void anEntryThatLeadsOutOfTheArchivesDirectoryIsRefused() throws Exception {
        content.put(TOP + "../../../escaped", "harm");
        files.put(PATH, zip());

        assertThat(find(Optional.of(proxy()), hash())).isEmpty();
        assertThat(tried).last().asString().contains("an entry outside of");
        try (var all = Files.walk(directory)) {
            assertThat(all.filter(path -> path.endsWith("escaped"))).isEmpty();
        }
    }

    @Test
    void aProxyWithoutItOrWithHalfOfItIsToldAmongWhatWasTried() throws Exception {
        assertThat(find(Optional.of(proxy()), hash())).isEmpty();
        files.put(PATH, Arrays.copyOf(zip(), 100));
        assertThat(find(Optional.of(proxy()), hash())).isEmpty();

        assertThat(tried)
                .filteredOn(line -> line.contains("the module proxy gave no Go toolchain"))
                .hasSize(2);
        assertThat(tried).anySatisfy(line -> assertThat(line).contains("status 404"));
    }

    @Test
    void theNextProxyIsAskedWhereOneHasNoneAndAfterAnyErrorOnlyBehindABar() throws Exception {
        files.put("/second" + PATH, zip());
        String unreachable = "http://127.0.0.1:1";

        assertThat(find(Optional.of(unreachable + "," + proxy() + "/second"), hash()))
                .as("a comma: only where the first has none")
                .isEmpty();
        assertThat(find(Optional.of(proxy() + "," + proxy() + "/second"), hash()))
                .isPresent();
        try (var cached = Files.walk(directory.resolve("cache"))) {
            for (Path file : cached.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThat(find(Optional.of(unreachable + "|" + proxy() + "/second"), hash()))
                .as("a bar: after any error")
                .isPresent();
    }

    @Test
    void withoutAnAddressInGoproxyThereIsNone() {
        for (Optional<String> proxies : List.of(
                Optional.<String>empty(), Optional.of("direct"), Optional.of("off"), Optional.of("off," + proxy()))) {
            assertThat(find(proxies, "h1:none")).isEmpty();
        }
        assertThat(tried).contains("the environment's GOPROXY names no module proxy to take one from");
    }
}
