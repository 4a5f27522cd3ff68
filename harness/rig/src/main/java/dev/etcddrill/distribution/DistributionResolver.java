package dev.etcddrill.distribution;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.recipe.EtcdVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds etcd, etcdctl and etcdutl of one version, in this order: a given directory, the search path, the cache, a release
 * archive verified by its SHA256SUMS, and building the published Go modules (which Go's checksum database verifies) with an
 * installed Go toolchain or one from a module proxy. What was fetched or built goes to the cache with the SHA-256 of each program, which is checked on every use.
 */
public final class DistributionResolver {
    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LOOKUP_TIMEOUT = Duration.ofMinutes(2);

    /** How many neighbouring versions are asked for when one cannot be had. */
    private static final int NEIGHBOURS_TRIED = 6;

    private static final String NAME = "etcd";
    private static final List<String> PROGRAMS = List.of("etcd", "etcdctl", "etcdutl");
    private static final Pattern VERSION_LINE =
            Pattern.compile("(?:etcd Version|etcdctl version|etcdutl version): (\\d+\\.\\d+\\.\\d+)");

    private final Optional<Path> given;
    private final SearchPath searchPath;
    private final Optional<ReleaseArchive> releases;
    private final ProgramCache cache;
    private final GoToolchain toolchain;
    private final Consumer<String> progress;

    /**
     * @param given directory that holds the three programs; a version that does not match is an error
     * @param searchPath directories, as in PATH
     * @param cache directory, made when something is built
     * @param releases directory of release archives, laid out as upstream's; empty for none
     * @param moduleProxies as in {@code GOPROXY}: where a Go toolchain is taken from if none is installed; empty for nowhere
     * @param progress takes a line for each thing that takes time
     * @throws IllegalArgumentException where the directory of releases has no http or https address
     */
    public DistributionResolver(
            Optional<Path> given,
            List<Path> searchPath,
            Path cache,
            Optional<URI> releases,
            Optional<String> moduleProxies,
            Consumer<String> progress) {
        this.releases = releases.map(ReleaseArchive::new);
        this.given = requireNonNull(given, "given");
        this.searchPath = new SearchPath(searchPath);
        this.cache = new ProgramCache(cache, progress);
        this.toolchain =
                new GoToolchain(this.searchPath, this.cache, moduleProxies, GoToolchain.Release.PINNED, progress);
        this.progress = requireNonNull(progress, "progress");
    }

    /** The resolver for this process: its PATH and the user's cache directory (XDG Base Directory Specification). */
    public static DistributionResolver forThisProcess(
            Optional<Path> given, Optional<URI> releases, Consumer<String> progress) {
        return new DistributionResolver(
                given,
                SearchPath.ofThisProcess().directories(),
                ProgramCache.ofThisUser(),
                releases,
                Optional.ofNullable(System.getenv("GOPROXY")),
                progress);
    }

    /**
     * Finds or builds the three programs.
     *
     * @throws DistributionUnavailableException where no way gives this version
     */
    public Distribution resolve(EtcdVersion version) {
        if (given.isPresent()) {
            return fromGivenDirectory(given.get(), version);
        }
        List<String> tried = new ArrayList<>();
        Optional<Distribution> found = fromSearchPath(version, tried).or(() -> fromCache(version, tried));
        if (found.isPresent()) {
            return found.get();
        }
        if (releases.isPresent()) {
            try {
                return fetch(version, releases.get());
            } catch (IOException e) {
                progress.accept("etcd " + version + ": no release archive (" + e.getMessage() + ")");
                tried.add("no release archive (" + e.getMessage() + ")");
            }
        } else {
            tried.add("no directory of release archives is given (drill.releases)");
        }
        Optional<List<String>> go = toolchain.find(tried);
        if (go.isEmpty()) {
            throw new DistributionUnavailableException("etcd " + version + " cannot be had here: "
                    + String.join("; ", tried)
                    + ". Install Go, set GOPROXY to a Go module proxy, give drill.releases, put etcd, etcdctl and etcdutl "
                    + version
                    + " on PATH, or name their directory with -Ddrill.etcd=DIRECTORY.");
        }
        return build(version, go.get());
    }

    private static Distribution fromGivenDirectory(Path directory, EtcdVersion version) {
        for (String program : PROGRAMS) {
            Path file = directory.resolve(program);
            if (!Files.isExecutable(file)) {
                throw new DistributionUnavailableException("drill.etcd names " + directory + ", but " + file
                        + " is not an executable file; it must hold etcd, etcdctl and etcdutl.");
            }
            Optional<String> seen = versionOf(file);
            if (seen.isEmpty() || !seen.get().equals(version.toString())) {
                throw new DistributionUnavailableException(
                        "The recipe asks for etcd " + version + ", but " + file + " is "
                                + seen.map(other -> "version " + other).orElse("no etcd program")
                                + ". Change the recipe's spec.etcd.version, or give another drill.etcd.");
            }
        }
        return Distribution.in(directory.toAbsolutePath(), version, "given by drill.etcd");
    }

    private Optional<Distribution> fromSearchPath(EtcdVersion version, List<String> tried) {
        List<Path> programs = new ArrayList<>();
        for (String program : PROGRAMS) {
            Optional<Path> file = searchPath.find(program);
            if (file.isEmpty()) {
                tried.add(program + " is not on PATH");
                return Optional.empty();
            }
            Optional<String> seen = versionOf(file.get());
            if (seen.isEmpty() || !seen.get().equals(version.toString())) {
                tried.add(file.get() + " is version " + seen.orElse("unknown"));
                return Optional.empty();
            }
            programs.add(file.get());
        }
        return Optional.of(new Distribution(version, programs.get(0), programs.get(1), programs.get(2), "on PATH"));
    }

    private Optional<Distribution> fromCache(EtcdVersion version, List<String> tried) {
        return cache.find(NAME, version.toString(), PROGRAMS, tried).map(stored -> of(stored, version));
    }

    private static Distribution of(ProgramCache.Stored stored, EtcdVersion version) {
        return Distribution.in(stored.directory(), version, "in the cache, " + stored.origin());
    }

    private Distribution fetch(EtcdVersion version, ReleaseArchive archive) throws IOException {
        progress.accept("etcd " + version + ": fetching its release archive");
        return of(
                cache.store(NAME, version.toString(), PROGRAMS, target -> {
                    String origin = archive.fetch(version, PROGRAMS, target);
                    requireVersion(version, target);
                    return origin;
                }),
                version);
    }

    private Distribution build(EtcdVersion version, List<String> go) {
        progress.accept("etcd " + version + ": building it from its published Go modules (one to two minutes, once)");
        long started = System.nanoTime();
        try {
            ProgramCache.Stored stored = cache.store(NAME, version.toString(), PROGRAMS, target -> {
                build(version, go, target);
                return "built from Go modules";
            });
            progress.accept("etcd " + version + ": built in "
                    + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s, kept in " + stored.directory());
            return Distribution.in(
                    stored.directory(), version, "built now from Go modules by " + go.get(go.size() - 1));
        } catch (IOException e) {
            throw new DistributionUnavailableException(
                    "etcd " + version + " cannot be stored in the cache " + cache.root() + ": " + e.getMessage(), e);
        }
    }

    private void build(EtcdVersion version, List<String> go, Path target) throws IOException {
        try {
            new GoBuild(go, progress)
                    .build(
                            "etcd " + version,
                            List.of(
                                    "go.etcd.io/etcd/server/v3@v" + version,
                                    "go.etcd.io/etcd/etcdctl/v3@v" + version,
                                    "go.etcd.io/etcd/etcdutl/v3@v" + version),
                            Map.of(
                                    "etcd", "go.etcd.io/etcd/server/v3",
                                    "etcdctl", "go.etcd.io/etcd/etcdctl/v3",
                                    "etcdutl", "go.etcd.io/etcd/etcdutl/v3"),
                            "",
                            target);
        } catch (GoBuild.FetchException e) {
            throw new DistributionUnavailableException(
                    "etcd " + version + " cannot be had: its Go modules could not be fetched (" + e.getMessage() + "). "
                            + nearest(version, go, target),
                    e);
        }
        requireVersion(version, target);
    }

    private static void requireVersion(EtcdVersion version, Path target) {
        for (String program : PROGRAMS) {
            Optional<String> seen = versionOf(target.resolve(program));
            if (seen.isEmpty() || !seen.get().equals(version.toString())) {
                throw new DistributionUnavailableException(
                        "the new " + program + " says version " + seen.orElse("unknown") + " instead of " + version);
            }
        }
    }

    /** Names the nearest version of the same minor that can be fetched; nearer, and of two equally near the newer. */
    private static String nearest(EtcdVersion wanted, List<String> go, Path work) {
        CommandOutput listed = go(work, go, "list", "-m", "-versions", "go.etcd.io/etcd/server/v3");
        if (listed.exitCode() != 0) {
            return "No list of its versions could be had either; is there a network and a Go module proxy?";
        }
        List<EtcdVersion> candidates = Stream.of(listed.lastLine().split(" "))
                .filter(word -> word.matches("v\\d+\\.\\d+\\.\\d+"))
                .map(word -> EtcdVersion.parse(word.substring(1)))
                .filter(version -> version.major() == wanted.major() && version.minor() == wanted.minor())
                .filter(version -> !version.equals(wanted))
                .sorted((left, right) -> {
                    int byDistance = Integer.compare(
                            Math.abs(left.patch() - wanted.patch()), Math.abs(right.patch() - wanted.patch()));
                    return byDistance != 0 ? byDistance : right.compareTo(left);
                })
                .limit(NEIGHBOURS_TRIED)
                .toList();
        for (EtcdVersion candidate : candidates) {
            CommandOutput download = go(work, go, "mod", "download", "go.etcd.io/etcd/server/v3@v" + candidate);
            if (download.exitCode() == 0) {
                return "The nearest version that can be had is " + candidate + ".";
            }
        }
        return "No other version of " + wanted.major() + "." + wanted.minor() + " near it could be had either.";
    }

    private static CommandOutput go(Path work, List<String> go, String... arguments) {
        List<String> command = new ArrayList<>(go);
        command.addAll(List.of(arguments));
        return CommandOutput.of(work, LOOKUP_TIMEOUT, command);
    }

    private static Optional<String> versionOf(Path program) {
        String argument = program.getFileName().toString().equals("etcd") ? "--version" : "version";
        CommandOutput output = CommandOutput.of(
                Path.of("/"), VERSION_TIMEOUT, program.toAbsolutePath().toString(), argument);
        Matcher matcher = VERSION_LINE.matcher(output.text());
        return output.exitCode() == 0 && matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
