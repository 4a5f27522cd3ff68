package dev.etcddrill.cluster;

import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.List;
import java.util.Optional;

/** A place where members can live at the recipe's own addresses and paths. */
public interface ClusterRuntime extends AutoCloseable {
    /** Name as in {@code -Ddrill.runtime=}. */
    String name();

    /** Why members' disks cannot lose what was not synced, as the end of a sentence; empty where they can. */
    Optional<String> powerLossObstacle();

    /** What this runtime does not show of a deployment, a sentence each. */
    List<String> notProven();

    /**
     * Makes the host of one member: its network address, its file system with the deployment's files, its programs.
     * Nothing is started on it.
     *
     * @param incarnation of the cluster that the host belongs to; part of the host's name
     * @param disk what the member's data lies on
     * @throws ClusterException where it cannot be made
     */
    MemberHost createHost(
            ClusterRecipe recipe,
            MemberRecipe member,
            Deployment deployment,
            Distribution distribution,
            String incarnation,
            Disk disk);

    @Override
    void close();

    /** What a member's data lies on. */
    enum Disk {
        /** The file system that the run's working directory is on. */
        ORDINARY,
        /** A file system of its own whose unsynced content can be lost. */
        POWER_LOSS
    }
}
