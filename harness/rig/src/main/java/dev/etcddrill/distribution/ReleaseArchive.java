package dev.etcddrill.distribution;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.recipe.EtcdVersion;
import dev.etcddrill.run.Checksum;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Takes etcd's programs from a release archive, laid out as upstream lays out its releases:
 * {@code v3.6.16/etcd-v3.6.16-linux-amd64.tar.gz} beside {@code v3.6.16/SHA256SUMS}. Nothing is unpacked before the
 * archive's SHA-256 is the one in that list.
 */
final class ReleaseArchive {
    private static final String CHECKSUMS = "SHA256SUMS";

    /** Ten times what an archive has; a server that sends without end is not written to the disk. */
    private static final long LARGEST_ARCHIVE = 300L << 20;

    private final URI base;

    /**
     * @param base directory of all releases, {@code http} or {@code https}
     */
    ReleaseArchive(URI base) {
        this.base = URI.create(base.toString().endsWith("/") ? base.toString() : base + "/");
        if (base.getHost() == null || !List.of("http", "https").contains(base.getScheme())) {
            throw new IllegalArgumentException(
                    "drill.releases must be the http or https address of a directory of releases, but is " + base);
        }
    }

    /**
     * Downloads, verifies and unpacks.
     *
     * @param programs file names
     * @param target directory that the programs are put into
     * @return where they are from and the archive's SHA-256, in a few words
     * @throws IOException where the archive cannot be had
     * @throws DistributionUnavailableException where it is not what the list of checksums says: that is told, and no other
     *     way is tried
     */
    String fetch(EtcdVersion version, List<String> programs, Path target) throws IOException {
        String name = "etcd-v" + version + "-linux-" + architecture();
        URI directory = base.resolve("v" + version + "/");
        HttpClient client = Download.client();
        String expected = expected(client, directory.resolve(CHECKSUMS), name + ".tar.gz");
        Path archive = Files.createTempFile(target.getParent(), "release-", ".tar.gz");
        URI address = directory.resolve(name + ".tar.gz");
        Download.file(client, address, archive, LARGEST_ARCHIVE);
        String seen = Checksum.sha256(archive);
        if (!seen.equals(expected)) {
            throw new DistributionUnavailableException("The archive " + address + " has the SHA-256 " + seen + ", but "
                    + CHECKSUMS + " beside it says " + expected
                    + ". It was not unpacked. Download it again, and ask whoever keeps that directory.");
        }
        unpack(archive, name, programs, target);
        return "from the release archive " + address + ", SHA-256 " + expected;
    }

    /** This machine's architecture, as Go and etcd call it. */
    static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "aarch64" -> "arm64";
            case "amd64", "x86_64" -> "amd64";
            default -> System.getProperty("os.arch");
        };
    }

    private static String expected(HttpClient client, URI list, String name) throws IOException {
        HttpResponse<String> response =
                Download.send(client, list, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        Optional<String> sum = response.body()
                .lines()
                .map(line -> line.strip().split("\\s+\\*?", 2))
                .filter(parts -> parts.length == 2 && parts[1].equals(name) && parts[0].matches("[0-9a-f]{64}"))
                .map(parts -> parts[0])
                .findFirst();
        return sum.orElseThrow(() -> new IOException(list + " has no SHA-256 of " + name));
    }

    /** Takes the programs and nothing else: an entry of another name, wherever it would lead, is not looked at. */
    private static void unpack(Path archive, String top, List<String> programs, Path target) throws IOException {
        List<String> missing = new ArrayList<>(requireNonNull(programs, "programs"));
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GzipCompressorInputStream(Files.newInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                for (String program : programs) {
                    if (entry.isFile() && entry.getName().equals(top + "/" + program)) {
                        Path file = target.resolve(program);
                        Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
                        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                        missing.remove(program);
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IOException("the archive has no " + top + "/" + String.join(", ", missing));
        }
    }
}
