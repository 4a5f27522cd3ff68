package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.stream.Collectors;

/**
 * Renders {@code /usr/local/bin/etcd-backup.sh} (docs/rules.md BAK-01 to BAK-13, traps 3 and 6 to 10;
 * docs/rules.md I51, I52).
 */
final class BackupScriptRenderer {

    private static final int MODE = 0755;

    private BackupScriptRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe, MemberRecipe member) {
        String text = Template.named("etcd-backup.sh")
                .with("cluster", recipe.name())
                .with(
                        "client-urls",
                        recipe.members().stream()
                                .map(each -> "'" + each.clientUrl() + "'")
                                .collect(Collectors.joining(" ")))
                .with("backup-directory", recipe.backup().directory())
                .with("snapshots-to-keep", recipe.backup().keep())
                .with("save-timeout", recipe.backup().commandTimeout().toSeconds() + "s")
                .with("verify-snapshot", Template.named("verify-snapshot.sh").render())
                .render();
        return new DeploymentFile(
                member.name(), "/usr/local/bin/etcd-backup.sh", FileContent.ofText(text), MODE, "root", "root", false);
    }
}
