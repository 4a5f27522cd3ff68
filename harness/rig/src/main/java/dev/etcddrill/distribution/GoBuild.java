package dev.etcddrill.distribution;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Builds programs from published Go modules, which Go's checksum database verifies. */
final class GoBuild {
    private static final Duration TIMEOUT = Duration.ofMinutes(20);

    private final List<String> go;
    private final Consumer<String> progress;

    /**
     * @param go start of a command line, as {@link GoToolchain} gives it
     */
    GoBuild(List<String> go, Consumer<String> progress) {
        this.go = List.copyOf(go);
        this.progress = requireNonNull(progress, "progress");
    }

    /**
     * Builds.
     *
     * @param what for messages, such as {@code etcd 3.6.16}
     * @param modules with their versions, such as {@code go.etcd.io/etcd/server/v3@v3.6.16}
     * @param packages Go's package of each program by the program's file name
     * @param linkerFlags such as {@code -X package.Version=1.2.3}; empty for none
     * @param target directory that the programs are put into
     * @throws FetchException where the modules cannot be fetched
     * @throws DistributionUnavailableException where they do not build
     */
    void build(String what, List<String> modules, Map<String, String> packages, String linkerFlags, Path target)
            throws IOException {
        Path work = Files.createTempDirectory(target.getParent(), "build-");
        Files.writeString(work.resolve("go.mod"), "module etcd-drill.invalid/build\n\ngo 1.24\n");
        List<String> get = new ArrayList<>(go);
        get.add("get");
        get.addAll(modules);
        CommandOutput fetched = CommandOutput.of(work, TIMEOUT, get);
        if (fetched.exitCode() != 0) {
            throw new FetchException(fetched.lastLine());
        }
        progress.accept(what + ": modules fetched, compiling");
        for (Map.Entry<String, String> program : packages.entrySet()) {
            List<String> build = new ArrayList<>(List.of("env", "CGO_ENABLED=0"));
            build.addAll(go);
            build.addAll(List.of(
                    "build",
                    "-trimpath",
                    "-ldflags=" + linkerFlags,
                    "-o",
                    target.resolve(program.getKey()).toString(),
                    program.getValue()));
            CommandOutput built = CommandOutput.of(work, TIMEOUT, build);
            if (built.exitCode() != 0) {
                throw new DistributionUnavailableException(
                        what + " does not build with " + String.join(" ", go) + ": " + built.lastLine());
            }
        }
    }

    /** The modules could not be fetched. */
    static final class FetchException extends IOException {
        private static final long serialVersionUID = 1L;

        private FetchException(String message) {
            super(message);
        }
    }
}
