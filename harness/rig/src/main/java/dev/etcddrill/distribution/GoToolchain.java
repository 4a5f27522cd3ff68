package dev.etcddrill.distribution;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The Go toolchain that programs are built with: one that is installed, or else one from a Go module proxy (Go modules
 * reference, "Go toolchains": the module {@code golang.org/toolchain}). It is unpacked only where its directory hash is the
 * one that stands here.
 */
final class GoToolchain {
    /**
     * The release that is taken, with its directory hash by architecture.
     *
     * @param version such as {@code 1.26.8}
     * @param hashes in the form {@code h1:} (golang.org/x/mod/sumdb/dirhash, {@code Hash1})
     */
    record Release(String version, Map<String, String> hashes) {
        /** Hashes computed from the archives and equal to the entries of Go's checksum database, on 2026-11-27. */
        static final Release PINNED = new Release(
                "1.26.8",
                Map.of(
                        "amd64", "h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=",
                        "arm64", "h1:sYL/O6MqS68ML0kjsQ36WoYIpJqkw60TxizWUYUKQMc="));

        Release {
            hashes = Map.copyOf(hashes);
        }
    }

    private static final String NAME = "go";

    /** What every build runs; compared with its checksum on every use. */
    private static final String PROGRAM = "bin/go";

    private static final String MODULE = "golang.org/toolchain";

    /** Four times what an archive has, and what it unpacks to. */
    private static final long LARGEST_ARCHIVE = 300L << 20;

    private static final long LARGEST_CONTENT = 1L << 30;

    private final SearchPath searchPath;
    private final ProgramCache cache;
    private final Optional<String> moduleProxies;
    private final Release release;
    private final Consumer<String> progress;

    /**
     * @param moduleProxies as in the environment's {@code GOPROXY}; empty where it is not set
     */
    GoToolchain(
            SearchPath searchPath,
            ProgramCache cache,
            Optional<String> moduleProxies,
            Release release,
            Consumer<String> progress) {
        this.searchPath = requireNonNull(searchPath, "searchPath");
        this.cache = requireNonNull(cache, "cache");
        this.moduleProxies = requireNonNull(moduleProxies, "moduleProxies");
        this.release = requireNonNull(release, "release");
        this.progress = requireNonNull(progress, "progress");
    }

    /** With this process's {@code GOPROXY}. */
    static GoToolchain forThisProcess(SearchPath searchPath, ProgramCache cache, Consumer<String> progress) {
        return new GoToolchain(
                searchPath, cache, Optional.ofNullable(System.getenv("GOPROXY")), Release.PINNED, progress);
    }

    /**
     * Finds it, or fetches it.
     *
     * @param tried gets a few words for each way that did not give it
     * @return the start of a command line; empty where there is none
     * @throws DistributionUnavailableException where what a proxy gave is not what it should be: that is told, and no other
     *     way is tried
     */
    Optional<List<String>> find(List<String> tried) {
        Optional<Path> installed = searchPath.find("go");
        if (installed.isPresent()) {
            return Optional.of(List.of(installed.get().toString()));
        }
        tried.add("no Go toolchain on PATH to build it with");
        String architecture = ReleaseArchive.architecture();
        String hash = release.hashes().get(architecture);
        if (hash == null || !System.getProperty("os.name").equals("Linux")) {
            tried.add("no Go toolchain is known for " + System.getProperty("os.name") + " on " + architecture);
            return Optional.empty();
        }
        Optional<ProgramCache.Stored> stored =
                cache.find(NAME, release.version(), List.of(PROGRAM), new java.util.ArrayList<>());
        if (stored.isPresent()) {
            return Optional.of(command(stored.get()));
        }
        List<ModuleProxy> proxies;
        try {
            proxies = moduleProxies.map(ModuleProxy::list).orElse(List.of());
        } catch (IllegalArgumentException e) {
            tried.add("a module proxy that the environment's GOPROXY names is no address");
            return Optional.empty();
        }
        if (proxies.isEmpty()) {
            tried.add("the environment's GOPROXY names no module proxy to take one from");
        }
        for (ModuleProxy proxy : proxies) {
            try {
                return Optional.of(command(fetch(proxy.address(), architecture, hash)));
            } catch (IOException e) {
                tried.add("the module proxy gave no Go toolchain (" + e.getMessage() + ")");
                if (!proxy.afterAnyError() && !(e instanceof Download.NotThereException)) {
                    break;
                }
            }
        }
        return Optional.empty();
    }

    /** It must not fetch another one by itself. */
    private static List<String> command(ProgramCache.Stored stored) {
        return List.of(
                "env", "GOTOOLCHAIN=local", stored.directory().resolve(PROGRAM).toString());
    }

    private ProgramCache.Stored fetch(URI proxy, String architecture, String hash) throws IOException {
        String version = "v0.0.1-go" + release.version() + ".linux-" + architecture;
        progress.accept("Go " + release.version() + ": fetching it from the module proxy (70 MB, once)");
        return cache.store(NAME, release.version(), List.of(PROGRAM), target -> {
            Path archive = Files.createTempFile(target.getParent(), "toolchain-", ".zip");
            URI address = proxy.resolve(MODULE + "/@v/" + version + ".zip");
            Download.file(Download.client(), address, archive, LARGEST_ARCHIVE);
            try (ZipFile zip = new ZipFile(archive.toFile())) {
                String seen = hashOf(zip);
                if (!seen.equals(hash)) {
                    throw new DistributionUnavailableException(
                            "The Go toolchain that the module proxy gave as " + version
                                    + " has the directory hash " + seen + ", but expected was " + hash
                                    + ". It was not unpacked. Ask whoever keeps that proxy, or install Go.");
                }
                unpack(zip, MODULE + "@" + version + "/", target);
            }
            return "Go " + release.version() + " from the module proxy, directory hash " + hash;
        });
    }

    /** SHA-256 over a line for each file, sorted by name: its own SHA-256, two spaces, its name. */
    static String hashOf(ZipFile zip) throws IOException {
        MessageDigest all = sha256();
        long bytes = 0;
        List<? extends ZipEntry> files = zip.stream()
                .filter(entry -> !entry.isDirectory())
                .sorted(Comparator.comparing(ZipEntry::getName))
                .toList();
        for (ZipEntry file : files) {
            MessageDigest one = sha256();
            try (InputStream content = new DigestInputStream(zip.getInputStream(file), one)) {
                byte[] buffer = new byte[1 << 16];
                for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                    bytes += read;
                    if (bytes > LARGEST_CONTENT) {
                        throw new IOException("the archive unpacks to more than " + (LARGEST_CONTENT >> 20) + " MiB");
                    }
                }
            }
            all.update((HexFormat.of().formatHex(one.digest()) + "  " + file.getName() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        return "h1:" + Base64.getEncoder().encodeToString(all.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void unpack(ZipFile zip, String top, Path target) throws IOException {
        for (ZipEntry entry : zip.stream().filter(each -> !each.isDirectory()).toList()) {
            Path file = entry.getName().startsWith(top)
                    ? target.resolve(entry.getName().substring(top.length())).normalize()
                    : target;
            if (!file.startsWith(target) || file.equals(target)) {
                throw new IOException("the archive has an entry outside of " + top + ": " + entry.getName());
            }
            Files.createDirectories(file.getParent());
            try (InputStream content = zip.getInputStream(entry)) {
                Files.copy(content, file);
            }
            // A module's archive keeps no modes; Go itself sets these (cmd/go/internal/toolchain).
            Path inside = target.relativize(file);
            if (inside.startsWith("bin") || inside.startsWith("pkg/tool")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }
}
