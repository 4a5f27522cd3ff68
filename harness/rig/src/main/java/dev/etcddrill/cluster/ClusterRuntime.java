package dev.etcddrill.cluster;

import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A place where members can live at the recipe's own addresses and paths. */
public interface ClusterRuntime extends AutoCloseable {
    /** Name as in {@code -Ddrill.runtime=}. */
    String name();

    /** Why this runtime cannot do something here, as the end of a sentence about a drill; empty where it can. */
    Optional<String> obstacle(Capability capability);

    /**
     * Refuses a host that needs what this runtime cannot do here.
     *
     * @throws ClusterException with the first obstacle
     */
    default void requireAll(Set<Capability> capabilities) {
        for (Capability capability : capabilities) {
            obstacle(capability).ifPresent(obstacle -> {
                throw new ClusterException(
                        "a host with " + capability.sentence() + " cannot be made here: it " + obstacle);
            });
        }
    }

    /**
     * The recipe as members will run it here: itself, except where a runtime cannot give it its own addresses. Called once
     * for each recipe of a run, before anything is rendered.
     *
     * @throws ClusterException where there is no place for it
     */
    default ClusterRecipe place(ClusterRecipe recipe) {
        return recipe;
    }

    /** What this runtime does not show of a deployment, a sentence each. */
    List<String> notProven();

    /**
     * Makes the host of one member: its network address, its file system with the deployment's files, its programs.
     * Nothing is started on it.
     *
     * @param incarnation of the cluster that the host belongs to; part of the host's name
     * @param capabilities what faults will need of the host; without one of these it is made more simply and is faster
     * @throws ClusterException where it cannot be made
     */
    MemberHost createHost(
            ClusterRecipe recipe,
            MemberRecipe member,
            Deployment deployment,
            Distribution distribution,
            String incarnation,
            Set<Capability> capabilities);

    @Override
    void close();
}
