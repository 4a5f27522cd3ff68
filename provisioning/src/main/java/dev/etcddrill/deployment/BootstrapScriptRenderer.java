package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;

/**
 * Renders {@code /usr/local/bin/etcd-bootstrap-complete.sh}, which changes what is right for the first start only
 * (docs/rules.md CFG-17, trap 19; docs/rules.md I04, I17).
 */
final class BootstrapScriptRenderer {

    private static final int MODE = 0755;

    private BootstrapScriptRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe, MemberRecipe member) {
        String text = Template.named("etcd-bootstrap-complete.sh")
                .with("cluster", recipe.name())
                .with("configuration-file", EtcdConfigurationRenderer.PATH)
                .render();
        return new DeploymentFile(
                member.name(),
                "/usr/local/bin/etcd-bootstrap-complete.sh",
                FileContent.ofText(text),
                MODE,
                "root",
                "root",
                false);
    }
}
