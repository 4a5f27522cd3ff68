package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.recipe.ExampleRecipes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class EtcdConfigurationTest {

    @Test
    void describesTheMemberOfTheGuideWithoutItsTraps() {
        Map<?, ?> settings = settings(SampleDeployments.GUIDE, "etcd-2");

        assertThat(settings.get("name")).isEqualTo("etcd-2");
        assertThat(settings.get("listen-client-urls")).isEqualTo("https://10.0.1.11:2379,https://127.0.0.1:2379");
        assertThat(settings.get("listen-metrics-urls")).isEqualTo("http://10.0.1.11:2381");
        assertThat(settings.get("advertise-client-urls")).isEqualTo("https://10.0.1.11:2379");
        assertThat(settings.get("initial-cluster"))
                .isEqualTo("etcd-1=https://10.0.1.10:2380,etcd-2=https://10.0.1.11:2380,etcd-3=https://10.0.1.12:2380");
        assertThat(settings.get("initial-cluster-state")).isEqualTo("new");
        assertThat(settings.get("data-dir")).isEqualTo("/var/lib/etcd");
        assertThat(settings.get("wal-dir")).isEqualTo("/var/lib/etcd-wal/wal");
        assertThat(settings.get("feature-gates")).isEqualTo("InitialCorruptCheck=true,CompactHashCheck=true");
        assertThat(settings.get("heartbeat-interval")).isEqualTo(100);
        assertThat(settings.get("election-timeout")).isEqualTo(1000);
        assertThat(settings.keySet().stream().map(Object::toString))
                .as("guidelines.md section 2, traps 14 to 16")
                .doesNotContain("enable-v2", "max-snapshots", "enable-pprof")
                .noneMatch(key -> key.startsWith("experimental-"));
    }

    @Test
    void everyCertificateFileThatItNamesIsDeployed() {
        Map<?, ?> settings = settings(SampleDeployments.GUIDE, "etcd-1");

        for (String section : List.of("client-transport-security", "peer-transport-security")) {
            Map<?, ?> security = (Map<?, ?>) settings.get(section);
            assertThat(security.get("client-cert-auth")).isEqualTo(true);
            assertThat(security.get("auto-tls")).isEqualTo(false);
            for (String key : List.of("cert-file", "key-file", "trusted-ca-file")) {
                assertThat(SampleDeployments.GUIDE.file(
                                "etcd-1", security.get(key).toString()))
                        .as(section + " " + key)
                        .isPresent();
            }
        }
    }

    @Test
    void usesTheKeysOfTheReleaseLine() {
        Map<?, ?> old = settings(SampleDeployments.guideWith("version: 3.6.16", "version: 3.5.35"), "etcd-1");

        assertThat(old.get("experimental-initial-corrupt-check")).isEqualTo(true);
        assertThat(old.get("experimental-compact-hash-check-enabled")).isEqualTo(true);
        assertThat(old.containsKey("feature-gates")).isFalse();
        assertThat(settings(SampleDeployments.guideWith("version: 3.6.16", "version: 3.7.3"), "etcd-1"))
                .isEqualTo(settings(SampleDeployments.GUIDE, "etcd-1"));
    }

    @Test
    void letsOnlyPeerCertificatesInWhereTheVersionCan() {
        assertThat(((Map<?, ?>) settings(SampleDeployments.GUIDE, "etcd-1").get("peer-transport-security"))
                        .get("allowed-cn"))
                .isEqualTo(List.of("kube-etcd-peer"));

        Map<?, ?> before = settings(
                Deployment.render(
                        ExampleRecipes.guideWith(
                                "version: 3.6.16, extra: {}}\n  kubernetes:\n    version: 1.36.3",
                                "version: 3.5.10, extra: {}}\n  kubernetes:\n    version: 1.28.0"),
                        SampleDeployments.GUIDE_PKI),
                "etcd-1");
        assertThat(((Map<?, ?>) before.get("peer-transport-security")).containsKey("allowed-cn"))
                .isFalse();
    }

    @Test
    void extraSettingsAreAddedReplacedAndMerged() {
        Map<?, ?> plain = settings(SampleDeployments.GUIDE, "etcd-1");
        Map<?, ?> changed = settings(
                SampleDeployments.guideWith(
                        "extra: {}",
                        "extra: {unsafe-no-fsync: true, log-level: debug, log-outputs: [stdout, stderr],"
                                + " max-txn-ops: 256, peer-transport-security: {allowed-cn: [a], allowed-hostname: [b]}}"),
                "etcd-1");

        assertThat(changed.get("unsafe-no-fsync")).isEqualTo(true);
        assertThat(changed.get("log-level")).isEqualTo("debug");
        assertThat(changed.get("log-outputs")).isEqualTo(List.of("stdout", "stderr"));
        assertThat(changed.get("max-txn-ops")).isEqualTo(256);
        Map<?, ?> peer = (Map<?, ?>) changed.get("peer-transport-security");
        assertThat(peer.get("allowed-cn")).isEqualTo(List.of("a"));
        assertThat(peer.get("allowed-hostname")).isEqualTo(List.of("b"));
        assertThat(peer.get("cert-file")).isEqualTo("/etc/etcd/pki/peer.crt");
        assertThat(changed.keySet().stream().map(Object::toString))
                .hasSize(plain.size() + 2)
                .containsAll(plain.keySet().stream().map(Object::toString).toList());
    }

    private static Map<?, ?> settings(Deployment deployment, String member) {
        // The parser refuses a key that stands twice, so this also shows that none does.
        return (Map<?, ?>) new Load(LoadSettings.builder().build())
                .loadFromString(deployment
                        .requireFile(member, "/etc/etcd/etcd.conf.yml")
                        .content()
                        .text());
    }
}
