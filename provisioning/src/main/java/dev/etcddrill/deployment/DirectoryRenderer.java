package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.List;

/**
 * The directories that hosts need. Data is etcd's alone (docs/rules.md CFG-11, trap 12), configuration and keys are
 * root's (trap 13, TLS-15).
 */
final class DirectoryRenderer {

    private static final int PRIVATE = 0700;
    private static final int GROUP_READABLE = 0750;
    private static final int PUBLIC = 0755;

    private DirectoryRenderer() {}

    static List<DeploymentDirectory> renderMember(ClusterRecipe recipe, MemberRecipe member) {
        String host = member.name();
        return List.of(
                new DeploymentDirectory(host, "/etc/etcd", GROUP_READABLE, "root", "etcd"),
                new DeploymentDirectory(host, "/etc/etcd/pki", GROUP_READABLE, "root", "etcd"),
                new DeploymentDirectory(host, recipe.etcd().dataDirectory(), PRIVATE, "etcd", "etcd"),
                new DeploymentDirectory(host, recipe.etcd().walDirectory(), PRIVATE, "etcd", "etcd"),
                new DeploymentDirectory(host, recipe.backup().directory(), PRIVATE, "root", "root"));
    }

    static List<DeploymentDirectory> renderControlPlane() {
        String host = Deployment.CONTROL_PLANE;
        return List.of(
                new DeploymentDirectory(host, "/etc/kubernetes", PUBLIC, "root", "root"),
                new DeploymentDirectory(host, "/etc/kubernetes/pki", PUBLIC, "root", "root"),
                new DeploymentDirectory(host, "/etc/kubernetes/pki/etcd", PUBLIC, "root", "root"));
    }
}
