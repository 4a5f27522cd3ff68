package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;

/**
 * Renders {@code /usr/local/bin/etcd-data-guard.sh}, which the unit runs before and after etcd: a member that lost its data
 * or has an older copy of it must not vote (docs/rules.md I04, I17; docs/adr/0013).
 */
final class DataGuardScriptRenderer {

    /** Where the guard keeps what it knows: apart from the directories of data and write-ahead log. */
    static final String RECORD = "/etc/etcd/data-record";

    private static final int MODE = 0755;

    private DataGuardScriptRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe, MemberRecipe member) {
        String text = Template.named("etcd-data-guard.sh")
                .with("cluster", recipe.name())
                .with("name", member.name())
                .with("wal-directory", recipe.etcd().walSubdirectory())
                .with("configuration-file", EtcdConfigurationRenderer.PATH)
                .with("record", RECORD)
                .render();
        return new DeploymentFile(
                member.name(),
                "/usr/local/bin/etcd-data-guard.sh",
                FileContent.ofText(text),
                MODE,
                "root",
                "root",
                false);
    }
}
