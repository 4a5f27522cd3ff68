package dev.etcddrill.cluster.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.client.ClientCredentials;
import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.ClusterNotReadyException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.deployment.DeploymentFile;
import dev.etcddrill.deployment.FileContent;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clusters in the sandbox; the build forks this JVM as init of one. */
class SandboxClusterIT {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static SandboxRuntime runtime;
    private static ClusterRecipe recipe;
    private static Deployment deployment;
    private static Distribution distribution;
    private static int clusters;

    @TempDir
    private Path logs;

    private final List<String> exits = new CopyOnWriteArrayList<>();

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

    private EtcdCluster create(Deployment files) {
        clusters++;
        return EtcdCluster.create(
                runtime,
                "cluster-" + clusters,
                recipe,
                files,
                distribution,
                Set.of(),
                member -> logs.resolve(member + ".log"),
                (member, expected, exitCode) -> exits.add(member + " " + expected + " " + exitCode));
    }

    private static byte[] pki(String name) {
        return deployment
                .requireFile(Deployment.CONTROL_PLANE, "/etc/kubernetes/pki/" + name)
                .content()
                .toByteArray();
    }

    @Test
    void theRenderedFilesRunAsTheyAreAtTheRecipesOwnAddresses() throws Exception {
        try (EtcdCluster cluster = create(deployment)) {
            cluster.start(PATIENCE);

            for (Member member : cluster.members()) {
                assertThat(member.host().readFile("/etc/etcd/etcd.conf.yml"))
                        .isEqualTo(deployment
                                .requireFile(member.name(), "/etc/etcd/etcd.conf.yml")
                                .content()
                                .toByteArray());
                assertThat(member.address())
                        .isEqualTo(recipe.member(member.name()).address().toString());
                try (MemberClient client = cluster.connect(member)) {
                    assertThat(client.send(new Request.Get("key", Request.Consistency.LINEARIZABLE), DEADLINE))
                            .isInstanceOf(Outcome.Ok.class);
                }
            }
        }
    }

    @Test
    void aKilledMemberComesBackWithWhatWasAcknowledged() {
        try (EtcdCluster cluster = create(deployment)) {
            cluster.start(PATIENCE);
            Member victim = cluster.member(cluster.leader().orElseThrow());
            Member other = cluster.members().stream()
                    .filter(member -> !member.equals(victim))
                    .findFirst()
                    .orElseThrow();
            try (MemberClient client = cluster.connect(other)) {
                assertThat(client.send(new Request.Put("key", "value"), DEADLINE))
                        .isInstanceOf(Outcome.Ok.class);
            }

            victim.kill();
            assertThat(victim.running()).isFalse();
            cluster.start(PATIENCE);

            try (MemberClient client = cluster.connect(victim)) {
                assertThat(client.send(new Request.Get("key", Request.Consistency.LINEARIZABLE), DEADLINE))
                        .isInstanceOfSatisfying(
                                Outcome.Ok.class,
                                ok -> assertThat(((Response.Get) ok.response()).keyValue())
                                        .hasValueSatisfying(keyValue ->
                                                assertThat(keyValue.value()).isEqualTo("value")));
            }
            assertThat(exits).contains(victim.name() + " true 137");
        }
    }

    @Test
    void aMemberThatDiesWhileStartingEndsTheWaitWithItsOwnLastLogLines() {
        DeploymentFile good = deployment.requireFile("etcd-2", "/etc/etcd/etcd.conf.yml");
        Deployment broken = deployment.withFile(good.withContent(FileContent.ofText(
                good.content().text().replaceAll("(?m)^election-timeout:.*$", "election-timeout: 200"))));

        try (EtcdCluster cluster = create(broken)) {
            assertThatThrownBy(() -> cluster.start(Duration.ofMinutes(10)))
                    .isInstanceOf(ClusterNotReadyException.class)
                    .hasMessageContaining("member etcd-2 ended with exit code 1")
                    .hasMessageContaining("should be at least as 5 times");
        }
        assertThat(exits).anyMatch(exit -> exit.startsWith("etcd-2 false 1"));
    }

    @Test
    void aClientWithoutACertificateOfTheAuthorityIsRefused() {
        PublicKeyInfrastructure stranger = PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom());
        Deployment other = Deployment.render(recipe, stranger);
        ClientCredentials credentials = ClientCredentials.ofPem(
                pki("etcd/ca.crt"),
                other.requireFile(Deployment.CONTROL_PLANE, "/etc/kubernetes/pki/apiserver-etcd-client.crt")
                        .content()
                        .toByteArray(),
                other.requireFile(Deployment.CONTROL_PLANE, "/etc/kubernetes/pki/apiserver-etcd-client.key")
                        .content()
                        .toByteArray());
        try (EtcdCluster cluster = create(deployment)) {
            cluster.start(PATIENCE);
            Member member = cluster.members().get(0);
            try (MemberClient client =
                    MemberClient.connect(member.name(), member.host().clientEndpoint(), credentials)) {
                assertThat(client.send(new Request.Get("key", Request.Consistency.SERIALIZABLE), DEADLINE))
                        .isInstanceOf(Outcome.Failed.class);
            }
        }
    }

    @Test
    void closingRemovesProcessesNamespacesMountsAndFiles() {
        try (EtcdCluster cluster = create(deployment)) {
            cluster.start(PATIENCE);
            assertThat(shell("ls /run/netns | wc -l")).isEqualTo("3");
        }
        assertThat(shell("ls /run/netns | wc -l")).isEqualTo("0");
        assertThat(shell("grep -c '/run/etcd-drill/' /proc/self/mountinfo || true"))
                .isEqualTo("0");
        assertThat(shell("for s in /proc/[0-9]*/stat; do cut -d' ' -f2,3 $s; done 2>/dev/null | grep '^(etcd)'"
                        + " | grep -vc Z || true"))
                .isEqualTo("0");
    }

    @Test
    void noSecondClusterIsLetToAddressesThatAreStillHeld() {
        EtcdCluster first = create(deployment);
        try (first) {
            assertThatThrownBy(() -> create(deployment))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("10.0.1.10")
                    .hasMessageContaining("still held by etcd-1 of " + first.incarnation());
        }
        create(deployment).close();
    }

    @Test
    void thereIsNoWayOutOfTheSandbox() {
        assertThat(shell("ip route | grep -c default || true")).isEqualTo("0");
    }

    private static String shell(String script) {
        return CommandOutput.of(Path.of("/"), DEADLINE, "sh", "-c", script).lastLine();
    }
}
