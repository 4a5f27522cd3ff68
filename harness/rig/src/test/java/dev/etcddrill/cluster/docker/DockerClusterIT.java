package dev.etcddrill.cluster.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.fault.Injection;
import dev.etcddrill.fault.RememberedFaults;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import dev.etcddrill.recipe.ClusterRecipe;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clusters in containers; the build runs this JVM outside any sandbox. */
class DockerClusterIT {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the issue allows the guard. */
    private static final Duration GUARD_PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private static Path directory;

    private static PreparedRun prepared;
    private static ClusterRecipe recipe;
    private static Deployment deployment;
    private static Distribution distribution;
    private static DockerRuntime runtime;
    private static EtcdCluster cluster;

    private static final List<String> PROGRESS = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startACluster() {
        Optional<String> missing = DockerRuntime.unavailable();
        assumeTrue(missing.isEmpty(), () -> "no Docker here: " + missing.get());
        prepared = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)));
        recipe = ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml"));
        deployment =
                Deployment.render(recipe, PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom()));
        distribution = prepared.distribution(recipe.etcd().version());
        runtime =
                DockerRuntime.connect(directory.resolve("work"), prepared.toxiproxy(), Optional.empty(), PROGRESS::add);
        cluster = create(runtime, "cluster-1", deployment);
        cluster.start(PATIENCE);
    }

    @AfterAll
    static void remove() {
        if (cluster != null) {
            cluster.close();
        }
        if (runtime != null) {
            runtime.close();
        }
    }

    private static EtcdCluster create(DockerRuntime in, String incarnation, Deployment files) {
        return EtcdCluster.create(
                in,
                incarnation,
                recipe,
                files,
                distribution,
                Set.of(Capability.PARTITIONS, Capability.LINK_FAULTS),
                member -> directory.resolve(incarnation + "-" + member + ".log"),
                (member, expected, exitCode) -> {});
    }

    @Test
    void theRenderedFilesRunAsTheyAreWithTheirModesAndOwners() throws IOException {
        for (Member member : cluster.members()) {
            assertThat(member.host().readFile("/etc/etcd/etcd.conf.yml"))
                    .isEqualTo(deployment
                            .requireFile(member.name(), "/etc/etcd/etcd.conf.yml")
                            .content()
                            .toByteArray());
            assertThat(member.run(
                                    DEADLINE,
                                    "stat",
                                    "-c",
                                    "%U:%G %a",
                                    recipe.etcd().dataDirectory())
                            .lastLine())
                    .isEqualTo("etcd:etcd 700");
            assertThat(member.host().clientEndpoint().authority())
                    .isEqualTo(recipe.member(member.name()).address().toString());
        }
    }

    @Test
    void aKilledMemberKeepsItsDataItsPortsAndItsLog() throws IOException {
        Member member = cluster.member("etcd-2");
        var endpoint = member.host().clientEndpoint();
        put("key", "value");
        String before = Files.readString(member.log(), StandardCharsets.UTF_8);

        member.kill();
        assertThat(member.exitCode()).hasValue(137);
        cluster.start(PATIENCE);

        assertThat(member.host().clientEndpoint()).isEqualTo(endpoint);
        try (MemberClient client = cluster.connect(member)) {
            Outcome outcome = client.send(new Request.Get("key", Request.Consistency.LINEARIZABLE), DEADLINE);
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Ok.class,
                            ok -> assertThat(((Response.Get) ok.response()).keyValue())
                                    .hasValueSatisfying(
                                            found -> assertThat(found.value()).isEqualTo("value")));
        }
        String after = Files.readString(member.log(), StandardCharsets.UTF_8);
        assertThat(after).startsWith(before);
        assertThat(after.split("Starting etcd|starting an etcd server", -1).length)
                .as("starts told in the log, each once")
                .isGreaterThan(before.split("Starting etcd|starting an etcd server", -1).length);
    }

    private static void put(String key, String value) {
        try (MemberClient client = cluster.connect(cluster.member("etcd-1"))) {
            assertThat(client.send(new Request.Put(key, value), DEADLINE)).isInstanceOf(Outcome.Ok.class);
        }
    }

    @Test
    void aCutIsFeltInItsOwnDirectionOnly() {
        HostNetwork one = cluster.member("etcd-1").host().network();
        HostNetwork two = cluster.member("etcd-2").host().network();

        one.cut("etcd-2");
        try {
            assertThat(one.hears("etcd-2")).isFalse();
            assertThat(one.hears("etcd-3")).isTrue();
            assertThat(one.hears(HostNetwork.CLIENTS)).isTrue();
            assertThat(two.hears("etcd-1")).isTrue();
        } finally {
            one.mend("etcd-2");
        }
        assertThat(one.hears("etcd-2")).isTrue();
        one.cut(HostNetwork.CLIENTS);
        try {
            assertThat(one.hears(HostNetwork.CLIENTS)).isFalse();
            assertThat(one.hears("etcd-2")).isTrue();
        } finally {
            one.mend(HostNetwork.CLIENTS);
        }
        assertThat(one.hears(HostNetwork.CLIENTS)).isTrue();
    }

    @Test
    void latencyIsSeenInItsOwnDirectionOnly() {
        RememberedFaults record = new RememberedFaults();
        FaultInjector injector = new FaultInjector(cluster, record, FaultTypes.installed());
        List<Link> links = List.of(new Link("etcd-1", "etcd-3"));
        FaultInjector.ActiveFault fault = injector.inject(
                new PlannedFault(
                        "slow",
                        FaultTypes.LATENCY,
                        new FaultTarget.Links(links),
                        Map.of("delay", Duration.ofMillis(300), "jitter", Duration.ZERO)),
                ResolvedTarget.ofLinks(links),
                "");
        fault.lift();
        fault.awaitGone();

        assertThat(record.events().stream().filter(event -> event.phase() == FaultEvent.Phase.SEEN))
                .singleElement()
                .satisfies(event -> assertThat(event.detail()).contains("not so etcd-3 -> etcd-1"));
    }

    /** What clients send comes through a published port, and is cut by other rules than a datagram. */
    @Test
    void clientsThatStillGetAnswersAreNotSeenToBeCutThoughTheirDatagramsVanish() {
        FaultTarget.Members target = new FaultTarget.Members(List.of("etcd-2"));
        Member member = cluster.member("etcd-2");
        Injection injection = FaultTypes.installed()
                .require(FaultTypes.CUT_CLIENTS)
                .prepare(
                        new PlannedFault("cut", FaultTypes.CUT_CLIENTS, target, Map.of()),
                        ResolvedTarget.ofMembers(List.of("etcd-2")),
                        cluster);
        injection.inject();
        try {
            assertThat(injection.seen()).get().asString().contains("clients that greet etcd-2 get no answer");
            member.run(
                    DEADLINE,
                    "sh",
                    "-c",
                    "iptables -w -S INPUT | grep -e '-p tcp' | sed 's/^-A/-D/' | while read -r rule; do iptables -w $rule; done");

            assertThat(member.host().network().hears(HostNetwork.CLIENTS)).isFalse();
            assertThat(injection.seen()).isEmpty();
        } finally {
            member.host().network().mend(HostNetwork.CLIENTS);
        }
        assertThat(injection.gone()).isPresent();
    }

    /** Each waits for what the other one holds; a run that goes on keeps what it has until it ends. */
    @Test
    void twoRunsThatTakeTwoSubnetsInOppositeOrderBothGetThem() throws Exception {
        ClusterRecipe seven = elsewhere("10.90.17");
        ClusterRecipe nine = elsewhere("10.90.19");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (DockerRuntime first = connect("first-of-two");
                DockerRuntime second = connect("second-of-two")) {
            makeHost(first, seven);
            makeHost(second, nine);

            Future<?> one = threads.submit(() -> makeHostAndEnd(first, nine));
            Future<?> other = threads.submit(() -> makeHostAndEnd(second, seven));

            assertThat(one.get(1, TimeUnit.MINUTES)).isNull();
            assertThat(other.get(1, TimeUnit.MINUTES)).isNull();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nothingIsStartedOnceTheGuardIsGone() throws Exception {
        ClusterRecipe elsewhere = elsewhere("10.90.21");
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        try (DockerRuntime unguarded = connect("unguarded")) {
            ProcessHandle guard = ProcessHandle.current()
                    .children()
                    .filter(child -> !before.contains(child))
                    .findFirst()
                    .orElseThrow();
            guard.destroyForcibly();
            guard.onExit().get(10, TimeUnit.SECONDS);

            assertThatThrownBy(() -> makeHost(unguarded, elsewhere))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("guards the Docker daemon has ended with 137");
        }
    }

    private static DockerRuntime connect(String name) {
        return DockerRuntime.connect(directory.resolve(name), Optional.empty(), Optional.empty(), PROGRESS::add);
    }

    private static void makeHostAndEnd(DockerRuntime in, ClusterRecipe elsewhere) {
        makeHost(in, elsewhere);
        in.close();
    }

    /** Makes one, and removes it again; the network stays. */
    private static void makeHost(DockerRuntime in, ClusterRecipe elsewhere) {
        in.createHost(
                        elsewhere,
                        elsewhere.members().get(0),
                        Deployment.render(
                                elsewhere,
                                PublicKeyInfrastructure.issue(elsewhere, Clock.systemUTC(), new SecureRandom())),
                        distribution,
                        "cluster-1",
                        Set.of())
                .close();
    }

    @Test
    void anotherNetworkOnTheSubnetThatIsNotOfARunIsRefusedWithItsName() throws Exception {
        DockerConnection docker = DockerConnection.open();
        String other = docker.client()
                .createNetworkCmd()
                .withName("not-ours-" + ProcessHandle.current().pid())
                .withIpam(new com.github.dockerjava.api.model.Network.Ipam()
                        .withConfig(
                                new com.github.dockerjava.api.model.Network.Ipam.Config().withSubnet("10.90.7.0/24")))
                .exec()
                .getId();
        try (DockerRuntime second =
                DockerRuntime.connect(directory.resolve("second"), Optional.empty(), Optional.empty(), PROGRESS::add)) {
            ClusterRecipe elsewhere = elsewhere("10.90.7");
            assertThatThrownBy(() -> makeHost(second, elsewhere))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("not-ours-")
                    .hasMessageContaining("10.90.7.0/24");
        } finally {
            docker.client().removeNetworkCmd(other).exec();
        }
    }

    private static ClusterRecipe elsewhere(String prefix) throws IOException {
        Path file = directory.resolve("elsewhere-" + prefix + ".yaml");
        Files.writeString(
                file,
                Files.readString(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml"))
                        .replace("10.0.1.", prefix + "."));
        return ClusterRecipe.read(file);
    }

    /** Started by the test below: makes hosts on a subnet of its own and waits to be killed. */
    static final class Vanishing {
        private Vanishing() {}

        public static void main(String[] arguments) throws Exception {
            directory = Path.of(arguments[0]);
            ClusterRecipe elsewhere = elsewhere("10.90.8");
            DockerRuntime own = DockerRuntime.connect(
                    directory.resolve("vanishing"), Optional.empty(), Optional.empty(), line -> {});
            own.createHost(
                    elsewhere,
                    elsewhere.members().get(0),
                    Deployment.render(
                            elsewhere, PublicKeyInfrastructure.issue(elsewhere, Clock.systemUTC(), new SecureRandom())),
                    PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)))
                            .distribution(elsewhere.etcd().version()),
                    "cluster-1",
                    Set.of());
            System.out.println("made");
            TimeUnit.HOURS.sleep(1);
        }
    }

    @Test
    void theGuardRemovesWhatAJvmLeftThatWasKilled() throws Exception {
        Process vanishing = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + PreparedRun.PROPERTY + "=" + System.getProperty(PreparedRun.PROPERTY),
                        "-Dreactor.root=" + System.getProperty("reactor.root"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Vanishing.class.getName(),
                        directory.toString()))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        try (var output = vanishing.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("made");
            assertThat(ownedBy(vanishing.pid())).hasSize(3);
        } finally {
            vanishing.destroyForcibly();
        }
        long end = System.nanoTime() + GUARD_PATIENCE.toNanos();
        while (!ownedBy(vanishing.pid()).isEmpty() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(ownedBy(vanishing.pid()))
                .as("left 10 s after the JVM was killed")
                .isEmpty();
        assertThat(DockerLeftovers.onThisDaemon().removeOrphans())
                .as("this test's own run is alive and is left alone")
                .anyMatch(line -> line.startsWith("left alone: ") && line.endsWith("which still runs"));
    }

    /** Containers and networks whose labels name a process. */
    private static List<String> ownedBy(long process) {
        DockerConnection docker = DockerConnection.open();
        return java.util.stream.Stream.concat(
                        docker.client().listContainersCmd().withShowAll(true).exec().stream()
                                .filter(container -> DockerLabels.of(container.getLabels())
                                        .filter(labels -> labels.process() == process)
                                        .isPresent())
                                .map(container -> container.getId()),
                        docker.client().listNetworksCmd().exec().stream()
                                .filter(network -> DockerLabels.of(network.getLabels())
                                        .filter(labels -> labels.process() == process)
                                        .isPresent())
                                .map(network -> network.getId()))
                .toList();
    }
}
