package dev.etcddrill.cluster.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.LinkCost;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.fault.RememberedFaults;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.recipe.ClusterRecipe;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What links that can be hurt cost while nothing hurts them, by turns with clusters without them in one run; and how long
 * faults take to inject and to lift. Not part of the tests; docs/performance.md says how to run it.
 */
class LinkBenchmark {
    private static final double HIGHEST_LATENCY_RATIO = 1.4;
    private static final double LOWEST_THROUGHPUT_RATIO = 0.85;
    private static final int REPETITIONS = 9;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What injecting, with its probe, and lifting may take, in the median. */
    private static final Duration OF_MEMBERS = Duration.ofMillis(100);

    private static final Duration OF_LINKS = Duration.ofMillis(300);
    private static final Duration OF_PARTITIONS = Duration.ofSeconds(1);

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

    @Test
    void linksThatNothingHurtsCostLittle() throws Exception {
        LinkCost.compare(
                () -> create("recipes/guide-3-node.yaml", Set.of()),
                () -> create("recipes/guide-3-node.yaml", Set.of(Capability.LINK_FAULTS)),
                HIGHEST_LATENCY_RATIO,
                LOWEST_THROUGHPUT_RATIO);
    }

    @Test
    void faultsAreInjectedAndLiftedQuickly() {
        try (EtcdCluster cluster =
                create("recipes/production-5-node.yaml", Set.of(Capability.PARTITIONS, Capability.LINK_FAULTS))) {
            cluster.start(PATIENCE);
            FaultTarget follower = new FaultTarget.Followers(1);
            FaultTarget link = new FaultTarget.LinksOfMember(follower, FaultTarget.Direction.OUT);
            Map<String, Object> shortDelay = Map.of("delay", Duration.ofMillis(20), "jitter", Duration.ZERO);
            report(cluster, FaultTypes.KILL, follower, Map.of(), OF_MEMBERS);
            report(cluster, FaultTypes.PAUSE, follower, Map.of(), OF_MEMBERS);
            report(cluster, FaultTypes.LATENCY, link, shortDelay, OF_LINKS);
            report(cluster, FaultTypes.ISOLATE, follower, Map.of(), OF_PARTITIONS);
            report(cluster, FaultTypes.SPLIT, new FaultTarget.Followers(2), Map.of(), OF_PARTITIONS);
        }
    }

    /** The calls that do and undo the harm by the record's own times, and both with their probes. */
    private static void report(
            EtcdCluster cluster, String type, FaultTarget target, Map<String, Object> parameters, Duration bound) {
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
                LinkCost.median(injected),
                LinkCost.median(seen),
                LinkCost.median(lifted));
        assertThat(LinkCost.median(injected)).as(type + ", injected").isLessThan((double) bound.toMillis());
        assertThat(LinkCost.median(lifted)).as(type + ", lifted").isLessThan((double) bound.toMillis());
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
}
