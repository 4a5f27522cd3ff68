package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import java.util.stream.Collectors;

/** Renders the runbook that lies beside the hosts' trees: commands in order. */
final class RunbookRenderer {

    private RunbookRenderer() {}

    static FileContent render(ClusterRecipe recipe) {
        int count = recipe.members().size();
        int majority = count / 2 + 1;
        return FileContent.ofText(Template.named("RUNBOOK.md")
                .with("cluster", recipe.name())
                .with("version", recipe.etcd().version())
                .with("kubernetes-version", recipe.kubernetes().version())
                .with(
                        "members",
                        recipe.members().stream()
                                .map(member -> "| " + member.name() + " | " + member.address() + " | "
                                        + member.hostname() + " |")
                                .collect(Collectors.joining("\n")))
                .with("count", count)
                .with("majority", majority)
                .with("tolerance", count - majority)
                .with("data-directory", recipe.etcd().dataDirectory())
                .with("wal-directory", recipe.etcd().walDirectory())
                .with("backup-directory", recipe.backup().directory())
                .with("configuration-file", EtcdConfigurationRenderer.PATH)
                .with("record", DataGuardScriptRenderer.RECORD)
                .with("snapshots-to-keep", recipe.backup().keep())
                .with("client-urls", EtcdConfigurationRenderer.clientUrls(recipe, ","))
                .render());
    }
}
