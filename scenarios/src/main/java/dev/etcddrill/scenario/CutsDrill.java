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
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packets vanish: of the leader, of a minority, in one direction only, again and again, and between clients and a member. */
@EtcdDrill("cuts")
class CutsDrill {
    /** Enough on every member that stays with the majority to see that it goes on. */
    private static final int WRITES = 20;

    /** Enough on a member that is cut off to see what it answers. */
    private static final int UNKNOWN_WRITES = 2;

    private static final int SERIALIZABLE_READS = 3;

    private static final int FLAPS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final FaultTarget LEADER = new FaultTarget.Leader();
    private static final FaultTarget FOLLOWER = new FaultTarget.Followers(1);

    static final String LEADER_ISOLATED = "leader isolated";

    /** What each class does to a cluster of so many members. */
    private static final List<CutClass> CLASSES = List.of(
            new CutClass(LEADER_ISOLATED, FaultTypes.ISOLATE, members -> LEADER),
            new CutClass(
                    "followers isolated, a minority",
                    FaultTypes.SPLIT,
                    members -> new FaultTarget.Followers((members - 1) / 2)),
            new CutClass(
                    "leader hears nobody",
                    FaultTypes.CUT,
                    members -> new FaultTarget.LinksOfMember(LEADER, Direction.IN)),
            new CutClass(
                    "leader is heard by nobody",
                    FaultTypes.CUT,
                    members -> new FaultTarget.LinksOfMember(LEADER, Direction.OUT)),
            new CutClass(
                    "follower hears nobody",
                    FaultTypes.CUT,
                    members -> new FaultTarget.LinksOfMember(FOLLOWER, Direction.IN)),
            new CutClass(
                    "follower is heard by nobody",
                    FaultTypes.CUT,
                    members -> new FaultTarget.LinksOfMember(FOLLOWER, Direction.OUT)),
            new CutClass("clients cut from their member", FaultTypes.CUT_CLIENTS, members -> FOLLOWER));

    private static final String FLAPPING = "follower's links flap";

    static final DrillDefinition DEFINITION = new DrillDefinition(
            "cuts",
            "cut links",
            "A member that is cut off from the majority decides nothing and answers only serializable reads; the majority"
                    + " goes on within the objective; nothing acknowledged is lost.",
            "etcd docs, op-guide/failures, \"Network partition\"",
            Drills.checksWith("cuts", "recovery"),
            Set.of(Capability.PARTITIONS),
            false,
            recipe -> Stream.concat(CLASSES.stream().map(CutClass::name), Stream.of(FLAPPING))
                    .toList());

    /**
     * One class.
     *
     * @param target of the fault in a cluster of so many members
     */
    private record CutClass(String name, String type, Function<Integer, FaultTarget> target) {}

    @Test
    void onlyTheMajorityDecidesWhileLinksAreCut(DrillExecution drill) {
        run(drill);
    }

    static void run(DrillExecution drill) {
        for (int repetition = 1; repetition <= drill.session().tries(); repetition++) {
            for (CutClass cut : CLASSES) {
                cutOnce(drill, cut, repetition);
            }
            flap(drill, repetition);
        }
    }

    private static void cutOnce(DrillExecution drill, CutClass cut, int repetition) {
        int members = drill.recipe().members().size();
        long seed = drill.seed(cut.name() + "/" + repetition);
        PlannedFault fault =
                new PlannedFault(cut.type(), cut.type(), cut.target().apply(members), Map.of());
        attempt(
                drill,
                cut.name(),
                seed,
                List.of(
                        cut.type() + ": " + fault.target(),
                        "wait for " + WRITES
                                + " acknowledged writes on every member that stays with the majority, and for"
                                + " answers and unknown outcomes on the others",
                        "lift it, wait for full health"),
                attempt -> {
                    FaultInjector.ActiveFault active = attempt.inject(fault, new Random(seed));
                    Set<String> hurt = Set.copyOf(active.hurt());
                    awaitBothSides(attempt, hurt, !cut.type().equals(FaultTypes.CUT_CLIENTS));
                    attempt.liftAndRecover(active);
                });
    }

    /** The check says who was cut off; the drill only waits until there is something to judge. */
    private static void awaitBothSides(Attempt attempt, Set<String> hurt, boolean answersReads)
            throws InterruptedException {
        OperationCounter counter = attempt.counter();
        counter.await(
                counts -> attempt.etcd().members().stream().map(Member::name).allMatch(member -> {
                    OperationCounter.Counts count = counts.of(member);
                    return hurt.contains(member)
                            ? count.unknownWrites() >= UNKNOWN_WRITES
                                    && (!answersReads || count.serializableReads() >= SERIALIZABLE_READS)
                            : count.acknowledgedWrites() >= WRITES;
                }),
                PATIENCE);
    }

    private static void flap(DrillExecution drill, int repetition) {
        long seed = drill.seed(FLAPPING + "/" + repetition);
        Random random = new Random(seed);
        Duration held = drill.recipe().etcd().electionTimeout().multipliedBy(3).dividedBy(2);
        attempt(
                drill,
                FLAPPING,
                seed,
                List.of(FLAPS + " times: isolate one follower for one and a half election timeouts, mend, wait for full"
                        + " health"),
                attempt -> {
                    for (int flap = 1; flap <= FLAPS; flap++) {
                        PlannedFault fault = new PlannedFault("flap-" + flap, FaultTypes.ISOLATE, FOLLOWER, Map.of());
                        FaultInjector.ActiveFault active = attempt.inject(fault, random);
                        // What lasts so long is the fault itself, not a wait for something.
                        TimeUnit.NANOSECONDS.sleep(held.toNanos());
                        attempt.liftAndRecover(active);
                    }
                });
    }

    static void attempt(
            DrillExecution drill, String coverageClass, long seed, List<String> steps, DrillExecution.Body body) {
        // On a cluster of its own: what was sent while packets vanished may arrive minutes later, in another attempt.
        drill.attempt(coverageClass, seed, steps, Set.of(Capability.PARTITIONS), false, body);
        List<String> classes = drill.plan().requiredClasses();
        drill.progress((classes.indexOf(coverageClass) + 1) + " of " + classes.size() + " classes   " + coverageClass);
    }
}
