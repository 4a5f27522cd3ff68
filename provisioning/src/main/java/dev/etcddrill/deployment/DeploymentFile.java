package dev.etcddrill.deployment;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * One file on one host.
 *
 * @param host a member's name, {@link Deployment#CONTROL_PLANE} or {@link Deployment#CERTIFICATE_AUTHORITY}
 * @param path absolute path on that host
 * @param content its bytes
 * @param mode permission bits, such as 0640 (octal)
 * @param owner name of the owning user
 * @param group name of the owning group
 * @param secret whether the content must not be shown or stored beside a run: a private key
 */
public record DeploymentFile(
        String host, String path, FileContent content, int mode, String owner, String group, boolean secret) {

    /** Checks that the path is absolute and stays inside the host's tree. */
    public DeploymentFile {
        DeploymentPath.require(host, path, mode, owner, group);
    }

    /** The same file with other content. */
    public DeploymentFile withContent(FileContent other) {
        return new DeploymentFile(host, path, other, mode, owner, group, secret);
    }

    /** The mode as Java's file API takes it. */
    public Set<PosixFilePermission> permissions() {
        return DeploymentTree.permissions(mode);
    }
}
