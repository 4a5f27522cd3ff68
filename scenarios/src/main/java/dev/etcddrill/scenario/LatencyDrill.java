package dev.etcddrill.scenario;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.junit.EtcdDrill;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.FaultTarget.Direction;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.workload.OperationCounter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Links are slow: within the documented rule, on some and on all of them, and beyond the election timeout. */
@EtcdDrill("latency")
class LatencyDrill {
    /** Before and under the fault, on every member: enough for a median. */
    private static final int WRITES = 25;

    /** A round trip of a tenth of the election timeout is the most that the tuning guide allows; this is one way of it. */
    private static final int ONE_WAY_IN_ELECTION_TIMEOUT = 20;

    private static final int TIMEOUTS_BEYOND = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final FaultTarget LEADER = new FaultTarget.Leader();

    private static final String ONE_FOLLOWER = "within the rule, one follower's links";
    private static final String FROM_LEADER = "within the rule, what the leader sends";
    static final String CLIENTS = "within the rule, one follower's clients";
    private static final String ALL = "within the rule, all links";
    private static final String BEYOND = "beyond the election timeout, all links";

    static final DrillDefinition DEFINITION = new DrillDefinition(
            "latency",
            "slow links",
            "A round trip of a tenth of the election timeout changes no leader, and writes take longer by what the links"
                    + " that carry them take; a round trip beyond the election timeout leaves no leader, and the cluster is"
                    + " whole again within the objective after it.",
            "etcd docs, tuning, \"Time parameters\"",
            Drills.checksWith("latency", "recovery"),
            Set.of(Capability.LINK_FAULTS),
            false,
            recipe -> List.of(ONE_FOLLOWER, FROM_LEADER, CLIENTS, ALL, BEYOND));

    @Test
    void writesFollowTheLinksThatCarryThem(DrillExecution drill) {
        run(drill);
    }

    static void run(DrillExecution drill) {
        Duration electionTimeout = drill.recipe().etcd().electionTimeout();
        Duration oneWay = electionTimeout.dividedBy(ONE_WAY_IN_ELECTION_TIMEOUT);
        FaultTarget follower = new FaultTarget.Followers(1);
        for (int repetition = 1; repetition <= drill.session().tries(); repetition++) {
            within(drill, ONE_FOLLOWER, new FaultTarget.LinksOfMember(follower, Direction.BOTH), oneWay, repetition);
            within(drill, FROM_LEADER, new FaultTarget.LinksOfMember(LEADER, Direction.OUT), oneWay, repetition);
            within(drill, CLIENTS, new FaultTarget.ClientLinks(follower, Direction.BOTH), oneWay, repetition);
            within(drill, ALL, new FaultTarget.AllLinks(), oneWay, repetition);
            beyond(drill, electionTimeout, repetition);
        }
    }

    private static void within(
            DrillExecution drill, String coverageClass, FaultTarget target, Duration delay, int repetition) {
        long seed = drill.seed(coverageClass + "/" + repetition);
        PlannedFault fault = latency("slow", target, delay);
        attempt(
                drill,
                coverageClass,
                seed,
                List.of(
                        "wait for " + WRITES + " acknowledged writes on every member",
                        "add " + delay.toMillis() + " ms to " + target,
                        "wait for " + WRITES + " acknowledged writes on every member",
                        "lift it, wait for full health"),
                attempt -> {
                    awaitWrites(attempt);
                    FaultInjector.ActiveFault active = attempt.inject(fault, new Random(seed));
                    awaitWrites(attempt);
                    attempt.liftAndRecover(active);
                });
    }

    static void awaitWrites(Attempt attempt) throws InterruptedException {
        OperationCounter counter = attempt.counter();
        counter.await(
                counts -> attempt.etcd().members().stream()
                        .map(Member::name)
                        .allMatch(member -> counts.of(member).acknowledgedWrites() >= WRITES),
                PATIENCE);
    }

    private static void beyond(DrillExecution drill, Duration electionTimeout, int repetition) {
        long seed = drill.seed(BEYOND + "/" + repetition);
        Duration delay = electionTimeout.multipliedBy(3).dividedBy(2);
        Duration lasts = electionTimeout.multipliedBy(TIMEOUTS_BEYOND);
        attempt(
                drill,
                BEYOND,
                seed,
                List.of(
                        "add " + delay.toMillis() + " ms to all links between members",
                        "hold it for " + lasts.toMillis() + " ms",
                        "lift it, wait for full health"),
                attempt -> {
                    FaultInjector.ActiveFault active = attempt.inject(
                            latency("far-too-slow", new FaultTarget.AllLinks(), delay), new Random(seed));
                    // What lasts so long is the fault itself, not a wait for something.
                    TimeUnit.NANOSECONDS.sleep(lasts.toNanos());
                    attempt.liftAndRecover(active);
                });
    }

    static PlannedFault latency(String id, FaultTarget target, Duration delay) {
        return new PlannedFault(id, FaultTypes.LATENCY, target, Map.of("delay", delay, "jitter", Duration.ZERO));
    }

    static void attempt(
            DrillExecution drill, String coverageClass, long seed, List<String> steps, DrillExecution.Body body) {
        // On a cluster of its own: what was sent before a link was slowed may arrive in another attempt.
        drill.attempt(coverageClass, seed, steps, Set.of(Capability.LINK_FAULTS), false, body);
        List<String> classes = drill.plan().requiredClasses();
        drill.progress((classes.indexOf(coverageClass) + 1) + " of " + classes.size() + " classes   " + coverageClass);
    }
}
