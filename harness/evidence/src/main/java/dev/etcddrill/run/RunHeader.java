package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a run before it starts.
 *
 * @param started wall clock
 * @param seed root of everything random
 * @param command what a user types to run it again
 * @param runtime such as {@code sandbox}
 * @param runtimeReason why this runtime, and what the others lacked, in a sentence
 * @param recipes names of the recipes
 * @param notProven what this run does not show, a sentence each
 */
public record RunHeader(
        Instant started,
        long seed,
        String command,
        String runtime,
        String runtimeReason,
        List<String> recipes,
        List<String> notProven) {
    public RunHeader {
        requireNonNull(started, "started");
        requireNonNull(command, "command");
        requireNonNull(runtime, "runtime");
        requireNonNull(runtimeReason, "runtimeReason");
        recipes = List.copyOf(recipes);
        notProven = List.copyOf(notProven);
    }
}
