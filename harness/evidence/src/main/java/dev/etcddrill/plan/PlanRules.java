package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a plan is held against before anything starts.
 *
 * @param types every fault type by id
 * @param effects what a fault of a type takes from the cluster, once its target is resolved
 * @param members of the cluster, in the recipe's order
 * @param electionTimeout of the cluster
 * @param runtime that it will run in, for messages
 * @param obstacle why the runtime cannot do what a type needs; empty where it can
 */
public record PlanRules(
        Map<String, FaultDescription> types,
        Effects effects,
        List<String> members,
        Duration electionTimeout,
        String runtime,
        Function<String, Optional<String>> obstacle) {
    public PlanRules {
        types = java.util.Collections.unmodifiableMap(new TreeMap<>(types));
        requireNonNull(effects, "effects");
        members = List.copyOf(members);
        requireNonNull(electionTimeout, "electionTimeout");
        requireNonNull(runtime, "runtime");
        requireNonNull(obstacle, "obstacle");
    }

    /** Counts voters. */
    public QuorumGuard guard() {
        return new QuorumGuard(members, electionTimeout);
    }

    /** What a fault takes from a cluster. */
    @FunctionalInterface
    public interface Effects {
        List<FaultEffect> of(PlannedFault fault, ResolvedTarget target, List<String> members);
    }
}
