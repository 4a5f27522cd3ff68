package dev.etcddrill.deployment;

import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.EtcdSettings;
import dev.etcddrill.recipe.EtcdVersion;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.stream.Collectors;

/**
 * Renders {@code /etc/etcd/etcd.conf.yml}: the guide's file (seed/guide.md, "Configuring etcd Cluster") without its traps
 * 11 and 14 to 19 (docs/rules.md section 2), with keys that the release line knows: etcd drops unknown keys of this
 * file in silence (section 0.1).
 *
 * <p>HTTP and gRPC share the client port; {@code listen-client-http-urls} (CFG-22) is left out. Measured with 3.6.16:
 * sharing logs "Running http and grpc server on single port" at each start, and {@code GET /version} on 2379 answers 200;
 * split, the warning is gone and the same request answers 415. kubeadm's preflight sends that request to the endpoints of
 * its configuration (K8S-10) and most releases cannot be told another port, so one port serves every Kubernetes version.
 *
 * <p>Peers are let in only with the common name of a peer certificate (TLS-11). Measured with 3.6.16: a client certificate
 * of the same authority is rejected on 2380 ("client certificate authentication failed").
 */
final class EtcdConfigurationRenderer {

    static final String PATH = "/etc/etcd/etcd.conf.yml";

    // Before it the key takes no list (docs/rules.md TLS-11), and the wrong form stops etcd.
    private static final EtcdVersion FIRST_WITH_ALLOWED_NAMES = new EtcdVersion(3, 5, 15);
    private static final EtcdVersion FIRST_WITH_FEATURE_GATES = new EtcdVersion(3, 6, 0);
    private static final int MODE = 0640;

    private EtcdConfigurationRenderer() {}

    static DeploymentFile render(ClusterRecipe recipe, MemberRecipe member) {
        EtcdSettings etcd = recipe.etcd();
        String checks = etcd.version().isAtLeast(FIRST_WITH_FEATURE_GATES)
                ? "corruption-checks-3.6.yml"
                : "corruption-checks-3.5.yml";
        String text = Template.named("etcd.conf.yml")
                .with("cluster", recipe.name())
                .with("version", etcd.version())
                .with("name", member.name())
                .with("address", member.address())
                .with("data-directory", etcd.dataDirectory())
                .with("wal-directory", etcd.walSubdirectory())
                .with("snapshot-count", etcd.snapshotCount())
                .with("quota-backend-bytes", etcd.quotaBackendBytes())
                .with("heartbeat-interval", etcd.heartbeatInterval().toMillis())
                .with("election-timeout", etcd.electionTimeout().toMillis())
                .with("peer-url", member.peerUrl())
                .with("client-url", member.clientUrl())
                .with("metrics-url", member.metricsUrl())
                .with("initial-cluster", initialCluster(recipe))
                .with("initial-cluster-token", etcd.initialClusterToken())
                .with("corruption-checks", Template.named(checks).render())
                .with(
                        "allowed-peer-names",
                        etcd.version().isAtLeast(FIRST_WITH_ALLOWED_NAMES)
                                ? Template.named("allowed-peer-names.yml")
                                        .render()
                                        .strip()
                                : "")
                .render();
        return new DeploymentFile(
                member.name(),
                PATH,
                FileContent.ofText(EtcdConfigurationOverrides.apply(text, etcd.extra())),
                MODE,
                "root",
                "etcd",
                false);
    }

    static String initialCluster(ClusterRecipe recipe) {
        return recipe.members().stream()
                .map(member -> member.name() + "=" + member.peerUrl())
                .collect(Collectors.joining(","));
    }

    static String clientUrls(ClusterRecipe recipe, String separator) {
        return recipe.members().stream().map(MemberRecipe::clientUrl).collect(Collectors.joining(separator));
    }
}
