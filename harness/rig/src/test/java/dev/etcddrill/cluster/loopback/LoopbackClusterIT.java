package dev.etcddrill.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.cluster.StartRefusedException;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real members as plain processes of this machine; the build runs this JVM outside any sandbox. */
class LoopbackClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private static ClusterRecipe written;
    private static Distribution distribution;

    private final CompletableFuture<String> firstExit = new CompletableFuture<>();

    @BeforeAll
    static void findTheProgramsOfTheRun() {
        written = ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml"));
        distribution = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)))
                .distribution(written.etcd().version());
    }

    private LoopbackRuntime runtime() {
        return LoopbackRuntime.enter(directory.resolve("work"));
    }

    private EtcdCluster create(LoopbackRuntime runtime, ClusterRecipe recipe) {
        return EtcdCluster.create(
                runtime,
                "cluster-1",
                recipe,
                Deployment.render(recipe, PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom())),
                distribution,
                Set.of(),
                member -> directory.resolve(member + ".log"),
                (member, expected, code) -> firstExit.complete(member + " " + code));
    }

    @Test
    void aClusterKeepsItsDataOverAKillAndTheUnitsGuardKeepsAMemberOutThatLostIt() throws Exception {
        try (LoopbackRuntime runtime = runtime();
                EtcdCluster cluster = create(runtime, runtime.place(written))) {
            cluster.start(PATIENCE);
            cluster.completeBootstrap();
            Member member = cluster.members().get(0);
            assertThat(member.address()).startsWith("127.").endsWith(".10");
            put(cluster, member, "/a");

            member.kill();
            member.start();
            cluster.start(PATIENCE);
            put(cluster, member, "/b");
            try (MemberClient client = cluster.connect(cluster.members().get(2))) {
                assertThat(client.readAll(DEADLINE).keyValues())
                        .extracting(keyValue -> keyValue.key())
                        .containsExactly("/a", "/b");
            }
            assertThat(new String(member.host().readFile("/etc/etcd/etcd.conf.yml"), StandardCharsets.UTF_8))
                    .contains("initial-cluster-state: existing");

            member.kill();
            cluster.dataOf(member).lose();
            assertThatThrownBy(member::start)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("found none");
        }
        assertThat(directory.resolve("work")).doesNotExist();
    }

    private static void put(EtcdCluster cluster, Member member, String key) {
        try (MemberClient client = cluster.connect(member)) {
            assertThat(client.send(new Request.Put(key, "1"), DEADLINE)).isInstanceOf(Outcome.Ok.class);
        }
    }

    @Test
    void onlyPathsAndOneListenerAreChanged() throws Exception {
        try (LoopbackRuntime runtime = runtime()) {
            ClusterRecipe recipe = runtime.place(written);
            try (EtcdCluster cluster = create(runtime, recipe)) {
                Path root = directory.resolve("work/cluster-1/etcd-1");
                for (String path : new String[] {
                    "/etc/etcd/etcd.conf.yml",
                    "/usr/local/bin/etcd-backup.sh",
                    "/usr/local/bin/etcd-data-guard.sh",
                    "/etc/etcd/etcdctl.env"
                }) {
                    String laid = new String(cluster.member("etcd-1").host().readFile(path), StandardCharsets.UTF_8);
                    String rendered = cluster.deployment()
                            .requireFile("etcd-1", path)
                            .content()
                            .text();
                    assertThat(laid).contains(root.toString());
                    assertThat(laid.replace(root.toString(), ""))
                            .isEqualTo(rendered.replace(",https://127.0.0.1:2379", ""));
                }
            }
            assertThat(runtime.notProven())
                    .anySatisfy(line -> assertThat(line)
                            .contains("10.0.1.10 became "
                                    + recipe.member("etcd-1").address()));
        }
    }

    @Test
    void whatIsLeftWhenTheRunIsGoneIsEndedByTheGuard() throws Exception {
        LoopbackRuntime runtime = runtime();
        EtcdCluster cluster = create(runtime, runtime.place(written));
        cluster.start(PATIENCE);

        // The end of the guard's input is what it sees of a JVM that was killed.
        runtime.close();

        assertThat(firstExit.get(10, TimeUnit.SECONDS)).endsWith(" 137");
        for (Member member : cluster.members()) {
            member.awaitExit(Duration.ofSeconds(10));
        }
        cluster.close();
    }

    @Test
    void twoRecipesAndTwoRunsGetPlacesOfTheirOwn() {
        try (LoopbackRuntime one = runtime();
                LoopbackRuntime other = LoopbackRuntime.enter(directory.resolve("other"))) {
            assertThat(one.place(written).addresses())
                    .doesNotContainAnyElementsOf(other.place(written).addresses());
        }
    }

    @Test
    void anAddressThatIsTakenIsRefusedWithTheReason() throws Exception {
        try (LoopbackRuntime runtime = runtime();
                ServerSocket all = new ServerSocket(2381, 1, InetAddress.getByName("0.0.0.0"))) {
            assertThat(all.isBound()).isTrue();
            assertThatThrownBy(() -> runtime.place(written))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining(":2381 for etcd-1 is taken")
                    .hasMessageContaining("end it, or use another machine");
        }
    }

    @Test
    void anAddressOutsideLoopbackAndWhatItCannotDoAreRefused() {
        try (LoopbackRuntime runtime = runtime()) {
            assertThatThrownBy(() -> create(runtime, written))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("10.0.1.10")
                    .hasMessageContaining("127.0.0.0/8 only");
            for (Capability capability : Capability.values()) {
                Optional<String> obstacle = runtime.obstacle(capability);
                assertThat(obstacle).as(capability.id()).isPresent();
            }
        }
    }
}
