package dev.etcddrill.cluster.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clusters whose links can be hurt, in the sandbox; the build forks this JVM as init of one. */
class SandboxLinksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static SandboxRuntime runtime;
    private static ClusterRecipe recipe;
    private static Deployment deployment;
    private static Distribution distribution;
    private static int clusters;

    @TempDir
    private Path logs;

    @BeforeAll
    static void enterTheSandboxAndRender() {
        PreparedRun prepared = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)));
        runtime = SandboxRuntime.enter(prepared.work(), prepared.toxiproxy());
        recipe = ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml"));
        deployment =
                Deployment.render(recipe, PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom()));
        distribution = prepared.distribution(recipe.etcd().version());
    }

    @AfterAll
    static void leave() {
        runtime.close();
    }

    private EtcdCluster create(Set<Capability> capabilities) {
        clusters++;
        return EtcdCluster.create(
                runtime,
                "cluster-" + clusters,
                recipe,
                deployment,
                distribution,
                capabilities,
                member -> logs.resolve(member + ".log"),
                (member, expected, exitCode) -> {});
    }

    @Test
    void aCutIsFeltInItsOwnDirectionOnlyWithProxiesInTheLinksAndWithout() {
        for (Capability capability : Set.of(Capability.PARTITIONS, Capability.LINK_FAULTS)) {
            try (EtcdCluster cluster = create(Set.of(capability))) {
                cluster.start(PATIENCE);
                HostNetwork one = cluster.member("etcd-1").host().network();
                HostNetwork two = cluster.member("etcd-2").host().network();
                assertThat(one.hears("etcd-2")).as("before, %s", capability).isTrue();
                assertThat(one.hears(HostNetwork.CLIENTS)).isTrue();

                one.cut("etcd-2");

                assertThat(one.hears("etcd-2")).as("cut, %s", capability).isFalse();
                assertThat(one.hears("etcd-3")).isTrue();
                assertThat(one.hears(HostNetwork.CLIENTS)).isTrue();
                assertThat(two.hears("etcd-1")).isTrue();

                one.mend("etcd-2");
                one.cut(HostNetwork.CLIENTS);

                assertThat(one.hears("etcd-2")).as("mended, %s", capability).isTrue();
                assertThat(one.hears(HostNetwork.CLIENTS)).isFalse();
                one.mend(HostNetwork.CLIENTS);
                assertThat(one.hears(HostNetwork.CLIENTS)).isTrue();
            }
        }
    }

    @Test
    void nothingOfALinkIsLeftWhenItsClusterIsClosed() {
        try (EtcdCluster cluster = create(Set.of(Capability.LINK_FAULTS))) {
            cluster.start(PATIENCE);
            for (Member member : cluster.members()) {
                member.host()
                        .network()
                        .proxies()
                        .peerControl()
                        .addToxic(
                                member.host().network().proxies().peerProxy(other(cluster, member)),
                                "slow",
                                true,
                                new LinkToxic.Delay(Duration.ofMillis(50), Duration.ZERO));
            }
        }
        assertThat(SandboxRuntime.run("ls /run/netns | wc -l; ip rule | grep -c 169.254 || true")
                        .text())
                .isEqualToNormalizingNewlines("0\n0\n");
    }

    @Test
    void aClosedClusterIsOffTheNetworkEvenWhileSomethingKeepsItsNamespacesAlive() throws Exception {
        for (Set<Capability> capabilities :
                List.of(Set.<Capability>of(), Set.of(Capability.PARTITIONS), Set.of(Capability.LINK_FAULTS))) {
            List<Process> keepers = new ArrayList<>();
            try {
                try (EtcdCluster cluster = create(capabilities)) {
                    cluster.start(PATIENCE);
                    // Stands for a connection that still sends to somebody who is cut off.
                    for (String namespace : SandboxRuntime.run("ip netns list | cut -d' ' -f1")
                            .text()
                            .lines()
                            .toList()) {
                        Process keeper = new ProcessBuilder(
                                        "nsenter",
                                        "--net=/run/netns/" + namespace,
                                        "sh",
                                        "-c",
                                        "echo in; exec sleep 60")
                                .redirectErrorStream(true)
                                .start();
                        keepers.add(keeper);
                        assertThat(keeper.inputReader().readLine()).isEqualTo("in");
                    }
                    assertThat(keepers).hasSizeGreaterThanOrEqualTo(3);
                }
                assertThat(SandboxRuntime.run("ip -o link | cut -d: -f2")
                                .text()
                                .lines()
                                .map(String::strip))
                        .as("links after a cluster with %s was closed", capabilities)
                        .containsExactly("lo", "drill0");
            } finally {
                for (Process keeper : keepers) {
                    keeper.destroyForcibly().waitFor();
                }
            }
        }
    }

    private static String other(EtcdCluster cluster, Member member) {
        return cluster.members().stream()
                .filter(candidate -> !candidate.equals(member))
                .findFirst()
                .orElseThrow()
                .name();
    }
}
