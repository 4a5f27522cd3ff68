package dev.etcddrill.check;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A measured time against its bound.
 *
 * @param name what was measured, such as {@code write gap after losing the leader}
 * @param values one for each time that it was measured
 * @param bound the longest allowed; empty where it is only told
 * @param boundSource where the bound comes from
 */
public record Figure(String name, List<Duration> values, Optional<Duration> bound, String boundSource) {
    public Figure {
        requireNonNull(name, "name");
        values = List.copyOf(values);
        requireNonNull(bound, "bound");
        requireNonNull(boundSource, "boundSource");
    }
}
