package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.EtcdSettings;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.stream.Collectors;

/**
 * Renders {@code /usr/local/bin/etcd-replace-member.sh}, which takes a member that lost its data out of the cluster and puts
 * it in again (etcd docs, op-guide/runtime-configuration, "Replace a failed machine"; docs/rules.md CFG-17).
 */
final class ReplaceMemberScriptRenderer {

    private static final int MODE = 0755;

    private ReplaceMemberScriptRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe, MemberRecipe member) {
        EtcdSettings etcd = recipe.etcd();
        String text = Template.named("etcd-replace-member.sh")
                .with("cluster", recipe.name())
                .with("name", member.name())
                .with("peer-url", member.peerUrl())
                .with(
                        "other-client-urls",
                        recipe.members().stream()
                                .filter(each -> !each.equals(member))
                                .map(each -> "'" + each.clientUrl() + "'")
                                .collect(Collectors.joining(" ")))
                .with("data-directory", etcd.dataDirectory())
                .with("wal-directory", etcd.walSubdirectory())
                .with("configuration-file", EtcdConfigurationRenderer.PATH)
                .with("record", DataGuardScriptRenderer.RECORD)
                .with("require-stopped", Template.named("require-stopped.sh").render())
                .render();
        return new DeploymentFile(
                member.name(),
                "/usr/local/bin/etcd-replace-member.sh",
                FileContent.ofText(text),
                MODE,
                "root",
                "root",
                false);
    }
}
