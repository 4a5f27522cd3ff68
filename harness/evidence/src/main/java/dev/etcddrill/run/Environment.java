package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The machine that a run was made on.
 *
 * @param facts such as kernel, processors, memory, user, Java; in the order in which they are shown
 * @param binaries where each program came from
 * @param idleFsync 99th percentile of a small write with fdatasync in the members' file system while nothing else ran;
 *     empty where it was not measured
 */
public record Environment(Map<String, String> facts, List<Binary> binaries, Optional<Duration> idleFsync) {
    public Environment {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        binaries = List.copyOf(binaries);
        requireNonNull(idleFsync, "idleFsync");
    }

    /**
     * A program that the run used.
     *
     * @param origin how it was found: given path, PATH, cache, built by the installed Go toolchain
     * @param sha256 of the file, in hexadecimal
     */
    public record Binary(String name, String version, String origin, String path, String sha256) {
        public Binary {
            requireNonNull(name, "name");
            requireNonNull(version, "version");
            requireNonNull(origin, "origin");
            requireNonNull(path, "path");
            requireNonNull(sha256, "sha256");
        }
    }
}
