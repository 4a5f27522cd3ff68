package dev.etcddrill.distribution;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds Toxiproxy's server: on the search path, in the cache, or built from the published Go module with the toolchain
 * that {@link GoToolchain} gives. One version serves
 * every run: it is a tool of the rig, not what is tested.
 */
public final class ToxiproxyResolver {
    /** The version that docs/faults.md was measured with. */
    public static final String VERSION = "2.12.0";

    private static final String NAME = "toxiproxy";
    private static final String PROGRAM = "toxiproxy-server";
    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(20);

    private final SearchPath searchPath;
    private final ProgramCache cache;
    private final GoToolchain toolchain;
    private final Consumer<String> progress;

    ToxiproxyResolver(SearchPath searchPath, ProgramCache cache, GoToolchain toolchain, Consumer<String> progress) {
        this.searchPath = requireNonNull(searchPath, "searchPath");
        this.cache = requireNonNull(cache, "cache");
        this.toolchain = requireNonNull(toolchain, "toolchain");
        this.progress = requireNonNull(progress, "progress");
    }

    /** The resolver for this process: its PATH and the user's cache directory. */
    public static ToxiproxyResolver forThisProcess(Consumer<String> progress) {
        SearchPath searchPath = SearchPath.ofThisProcess();
        ProgramCache cache = new ProgramCache(ProgramCache.ofThisUser(), progress);
        return new ToxiproxyResolver(
                searchPath, cache, GoToolchain.forThisProcess(searchPath, cache, progress), progress);
    }

    /**
     * Finds or builds it.
     *
     * @throws DistributionUnavailableException where there is no way to have it
     */
    public Program resolve() {
        List<String> tried = new ArrayList<>();
        Optional<Path> installed = searchPath.find(PROGRAM);
        if (installed.isPresent() && says(installed.get())) {
            return new Program(installed.get(), "on PATH");
        }
        tried.add(installed.isPresent() ? installed.get() + " is not version " + VERSION : PROGRAM + " is not on PATH");
        Optional<ProgramCache.Stored> stored = cache.find(NAME, VERSION, List.of(PROGRAM), tried);
        if (stored.isPresent()) {
            return of(stored.get());
        }
        List<String> go = toolchain.find(tried).orElseThrow(() -> unavailable(String.join("; ", tried)));
        progress.accept("Toxiproxy " + VERSION + ": building it from its published Go module (half a minute, once)");
        try {
            return of(cache.store(NAME, VERSION, List.of(PROGRAM), target -> {
                new GoBuild(go, progress)
                        .build(
                                "Toxiproxy " + VERSION,
                                List.of("github.com/Shopify/toxiproxy/v2/cmd/server@v" + VERSION),
                                Map.of(PROGRAM, "github.com/Shopify/toxiproxy/v2/cmd/server"),
                                "-X github.com/Shopify/toxiproxy/v2.Version=" + VERSION,
                                target);
                if (!says(target.resolve(PROGRAM))) {
                    throw unavailable("what was built does not say that it is version " + VERSION);
                }
                return "built from Go modules";
            }));
        } catch (IOException e) {
            throw new DistributionUnavailableException(
                    unavailable(String.join("; ", tried) + "; it could not be built (" + e.getMessage() + ")")
                            .getMessage(),
                    e);
        }
    }

    private static Program of(ProgramCache.Stored stored) {
        return new Program(stored.directory().resolve(PROGRAM), "in the cache, " + stored.origin());
    }

    private static DistributionUnavailableException unavailable(String why) {
        return new DistributionUnavailableException("Toxiproxy " + VERSION + ", which link faults need, cannot be had"
                + " here: " + why + ". Install Go, set GOPROXY to a Go module proxy, or put " + PROGRAM + " " + VERSION
                + " on PATH.");
    }

    private static boolean says(Path program) {
        CommandOutput output = CommandOutput.of(
                Path.of("/"), VERSION_TIMEOUT, program.toAbsolutePath().toString(), "--version");
        return output.exitCode() == 0 && output.text().contains("version " + VERSION);
    }

    /**
     * A program on this machine.
     *
     * @param origin how it was found, in a few words
     */
    public record Program(Path path, String origin) {
        public Program {
            requireNonNull(path, "path");
            requireNonNull(origin, "origin");
        }
    }
}
