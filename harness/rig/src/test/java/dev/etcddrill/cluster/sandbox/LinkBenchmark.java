package dev.etcddrill.cluster.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.fault.RememberedFaults;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.recipe.ClusterRecipe;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What links that can be hurt cost while nothing hurts them, by turns with clusters without them in one run; and how long
 * faults take to inject and to lift. Not part of the tests; docs/performance.md says how to run it.
 */
class LinkBenchmark {
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 1_500;
    private static final int ONE_AFTER_THE_OTHER = 400;
    private static final int CLIENTS = 64;
    private static final int CONNECTIONS = 8;
    private static final int AT_ONCE = 6_000;
    private static final double HIGHEST_LATENCY_RATIO = 1.4;
    private static final double LOWEST_THROUGHPUT_RATIO = 0.85;
    private static final int REPETITIONS = 9;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static SandboxRuntime runtime;
    private static PreparedRun prepared;
    private static int clusters;

    @TempDir
    private Path directory;

    @BeforeAll
    static void enter() {
        prepared = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)));
        runtime = SandboxRuntime.enter(prepared.work(), prepared.toxiproxy());
    }

    @AfterAll
    static void leave() {
        runtime.close();
    }

    private EtcdCluster create(String recipeFile, Set<Capability> capabilities) {
        ClusterRecipe recipe = ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), recipeFile));
        Deployment deployment =
                Deployment.render(recipe, PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom()));
        Distribution distribution = prepared.distribution(recipe.etcd().version());
        clusters++;
        return EtcdCluster.create(
                runtime,
                "cluster-" + clusters,
                recipe,
                deployment,
                distribution,
                capabilities,
                member -> directory.resolve(member + ".log"),
                (member, expected, exitCode) -> {});
    }

    /** Median latency of one client in microseconds, and puts a second of 64. */
    private record Cost(double latency, double throughput) {}

    @Test
    void linksThatNothingHurtsCostLittle() throws Exception {
        List<Double> direct = new ArrayList<>();
        List<Double> proxied = new ArrayList<>();
        List<Double> directThroughput = new ArrayList<>();
        List<Double> proxiedThroughput = new ArrayList<>();
        // The first round loads classes and programs.
        for (int round = 0; round <= ROUNDS; round++) {
            Cost without = cost(Set.of());
            Cost with = cost(Set.of(Capability.LINK_FAULTS));
            if (round > 0) {
                direct.add(without.latency());
                proxied.add(with.latency());
                directThroughput.add(without.throughput());
                proxiedThroughput.add(with.throughput());
            }
        }
        double latency = median(proxied) / median(direct);
        double throughput = median(proxiedThroughput) / median(directThroughput);
        System.out.printf(
                Locale.ROOT,
                "put, 1 client, median us: direct %.0f of %s; links %.0f of %s; ratio %.2f%n",
                median(direct),
                rounded(direct),
                median(proxied),
                rounded(proxied),
                latency);
        System.out.printf(
                Locale.ROOT,
                "put, %d clients, a second: direct %.0f of %s; links %.0f of %s; ratio %.2f%n",
                CLIENTS,
                median(directThroughput),
                rounded(directThroughput),
                median(proxiedThroughput),
                rounded(proxiedThroughput),
                throughput);
        assertThat(latency).isLessThanOrEqualTo(HIGHEST_LATENCY_RATIO);
        assertThat(throughput).isGreaterThanOrEqualTo(LOWEST_THROUGHPUT_RATIO);
    }

    private Cost cost(Set<Capability> capabilities) throws Exception {
        try (EtcdCluster cluster = create("recipes/guide-3-node.yaml", capabilities)) {
            cluster.start(PATIENCE);
            Member leader = cluster.member(cluster.leader().orElseThrow());
            List<MemberClient> connections = new ArrayList<>();
            try {
                for (int number = 0; number < CONNECTIONS; number++) {
                    connections.add(cluster.connect(leader));
                }
                atOnce(connections, WARM_UP);
                List<Double> micros = new ArrayList<>();
                for (int number = 0; number < ONE_AFTER_THE_OTHER; number++) {
                    long started = System.nanoTime();
                    put(connections.get(0), number);
                    micros.add((System.nanoTime() - started) / 1e3);
                }
                long started = System.nanoTime();
                atOnce(connections, AT_ONCE);
                return new Cost(median(micros), AT_ONCE / ((System.nanoTime() - started) / 1e9));
            } finally {
                connections.forEach(MemberClient::close);
            }
        }
    }

    private static void atOnce(List<MemberClient> connections, int puts) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> done = new ArrayList<>();
            for (int number = 0; number < CLIENTS; number++) {
                MemberClient client = connections.get(number % CONNECTIONS);
                done.add(threads.submit(() -> {
                    for (int key = next.getAndIncrement(); key < puts; key = next.getAndIncrement()) {
                        put(client, key);
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void put(MemberClient client, int number) {
        assertThat(client.send(new Request.Put("key-" + number, "x".repeat(256)), DEADLINE))
                .isInstanceOf(Outcome.Ok.class);
    }

    @Test
    void faultsAreInjectedAndLiftedQuickly() {
        try (EtcdCluster cluster =
                create("recipes/production-5-node.yaml", Set.of(Capability.PARTITIONS, Capability.LINK_FAULTS))) {
            cluster.start(PATIENCE);
            FaultTarget follower = new FaultTarget.Followers(1);
            FaultTarget link = new FaultTarget.LinksOfMember(follower, FaultTarget.Direction.OUT);
            report(cluster, FaultTypes.KILL, follower, Map.of());
            report(cluster, FaultTypes.PAUSE, follower, Map.of());
            report(cluster, FaultTypes.LATENCY, link, Map.of("delay", Duration.ofMillis(20), "jitter", Duration.ZERO));
            report(cluster, FaultTypes.ISOLATE, follower, Map.of());
            report(cluster, FaultTypes.SPLIT, new FaultTarget.Followers(2), Map.of());
        }
    }

    /** The calls that do and undo the harm by the record's own times, and both with their probes. */
    private static void report(EtcdCluster cluster, String type, FaultTarget target, Map<String, Object> parameters) {
        List<Double> injected = new ArrayList<>();
        List<Double> seen = new ArrayList<>();
        List<Double> lifted = new ArrayList<>();
        for (int repetition = 0; repetition <= REPETITIONS; repetition++) {
            RememberedFaults record = new RememberedFaults();
            FaultInjector injector = new FaultInjector(cluster, record, FaultTypes.installed());
            List<String> members = cluster.members().stream().map(Member::name).toList();
            PlannedFault fault = new PlannedFault(type, type, target, parameters);
            String leader = cluster.leader().orElse(members.get(0));
            long started = System.nanoTime();
            FaultInjector.ActiveFault active =
                    injector.inject(fault, target.resolve(members, leader, new Random(repetition)), "");
            long whole = System.nanoTime() - started;
            started = System.nanoTime();
            active.lift();
            long lift = System.nanoTime() - started;
            active.awaitGone();
            if (repetition > 0) {
                seen.add(whole / 1e6);
                injected.add(between(record, FaultEvent.Phase.INJECTED, FaultEvent.Phase.SEEN));
                lifted.add(lift / 1e6);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s of 5 members, median ms: inject until it is seen %.0f (all %.0f), lift %.0f%n",
                type,
                median(injected),
                median(seen),
                median(lifted));
    }

    private static double between(RememberedFaults record, FaultEvent.Phase from, FaultEvent.Phase to) {
        return record.events().stream()
                        .filter(event -> event.phase() == to)
                        .findFirst()
                        .orElseThrow()
                        .at()
                        .minus(record.events().stream()
                                .filter(event -> event.phase() == from)
                                .findFirst()
                                .orElseThrow()
                                .at())
                        .toNanos()
                / 1e6;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static List<Long> rounded(List<Double> values) {
        return values.stream().map(Math::round).toList();
    }
}
