package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;

/** Renders {@code /etc/systemd/system/etcd.service} (docs/rules.md SYS-01 to SYS-08, traps 22 and 23). */
final class SystemdUnitRenderer {

    private static final int MODE = 0644;

    private SystemdUnitRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe, MemberRecipe member) {
        String text = Template.named("etcd.service")
                .with("cluster", recipe.name())
                .with("name", member.name())
                .render();
        return new DeploymentFile(
                member.name(),
                "/etc/systemd/system/etcd.service",
                FileContent.ofText(text),
                MODE,
                "root",
                "root",
                false);
    }
}
