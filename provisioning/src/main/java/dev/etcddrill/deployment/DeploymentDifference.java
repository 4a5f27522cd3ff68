package dev.etcddrill.deployment;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What differs at one place between a deployment and a tree on disk.
 *
 * @param place path within the tree, such as {@code etcd-1/etc/etcd/etcd.conf.yml}
 * @param lines of a unified diff from the tree to the deployment; empty where the content is a secret or a
 *     certificate, is new, is gone, or stays
 */
public record DeploymentDifference(String place, Kind kind, List<String> lines) {
    /** What it is. */
    public enum Kind {
        /** The deployment has it, the tree has not. */
        NEW,
        /** The tree has it, the deployment has not. */
        GONE,
        /** Both have it with another content. */
        CHANGED,
        /** Only the permissions in the tree are others. */
        MODE
    }

    public DeploymentDifference {
        requireNonNull(place, "place");
        requireNonNull(kind, "kind");
        lines = List.copyOf(lines);
    }
}
