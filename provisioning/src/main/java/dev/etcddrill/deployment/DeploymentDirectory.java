package dev.etcddrill.deployment;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * One directory that a host needs, with or without files in it.
 *
 * @param host a member's name, {@link Deployment#CONTROL_PLANE} or {@link Deployment#CERTIFICATE_AUTHORITY}
 * @param path absolute path on that host
 * @param mode permission bits, such as 0700 (octal)
 * @param owner name of the owning user
 * @param group name of the owning group
 */
public record DeploymentDirectory(String host, String path, int mode, String owner, String group) {

    /** Checks that the path is absolute and stays inside the host's tree. */
    public DeploymentDirectory {
        DeploymentPath.require(host, path, mode, owner, group);
    }

    /** The mode as Java's file API takes it. */
    public Set<PosixFilePermission> permissions() {
        return DeploymentTree.permissions(mode);
    }
}
