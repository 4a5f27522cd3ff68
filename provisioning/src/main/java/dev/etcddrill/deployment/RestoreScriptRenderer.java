package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.EtcdSettings;
import dev.etcddrill.recipe.MemberRecipe;

/**
 * Renders {@code /usr/local/bin/etcd-restore.sh} (docs/rules.md DR-01 to DR-07, traps 11 and 33; docs/rules.md I09,
 * I11, I14, I15).
 */
final class RestoreScriptRenderer {

    private static final int MODE = 0755;

    private RestoreScriptRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe, MemberRecipe member) {
        EtcdSettings etcd = recipe.etcd();
        String text = Template.named("etcd-restore.sh")
                .with("cluster", recipe.name())
                .with("name", member.name())
                .with("peer-url", member.peerUrl())
                .with("initial-cluster", EtcdConfigurationRenderer.initialCluster(recipe))
                .with("initial-cluster-token", etcd.initialClusterToken())
                .with("data-directory", etcd.dataDirectory())
                .with("wal-directory", etcd.walSubdirectory())
                .with("quota-backend-bytes", etcd.quotaBackendBytes())
                .with("record", DataGuardScriptRenderer.RECORD)
                .with("require-stopped", Template.named("require-stopped.sh").render())
                .with("verify-snapshot", Template.named("verify-snapshot.sh").render())
                .render();
        return new DeploymentFile(
                member.name(), "/usr/local/bin/etcd-restore.sh", FileContent.ofText(text), MODE, "root", "root", false);
    }
}
