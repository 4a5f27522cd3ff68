package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;

/** Renders {@code /etc/etcd/etcdctl.env}, without the variable of docs/rules.md section 2 trap 3. */
final class EtcdctlEnvironmentRenderer {

    private static final int MODE = 0644;

    private EtcdctlEnvironmentRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe, MemberRecipe member) {
        String text = Template.named("etcdctl.env")
                .with("cluster", recipe.name())
                .with("name", member.name())
                .with("client-urls", EtcdConfigurationRenderer.clientUrls(recipe, ","))
                .render();
        return new DeploymentFile(
                member.name(), "/etc/etcd/etcdctl.env", FileContent.ofText(text), MODE, "root", "root", false);
    }
}
