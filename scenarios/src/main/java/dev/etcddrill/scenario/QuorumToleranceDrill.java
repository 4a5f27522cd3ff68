package dev.etcddrill.scenario;

import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.junit.DrillExecutions;
import dev.etcddrill.junit.EtcdDrillProperty;
import dev.etcddrill.junit.EveryTry;
import dev.etcddrill.junit.Try;
import dev.etcddrill.workload.OperationCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;

/**
 * Any set of members short of all is killed. With a majority alive every survivor goes on writing; without one nothing is
 * acknowledged, serializable reads answer, and nothing that was acknowledged is lost.
 */
@EtcdDrillProperty("quorum-tolerance")
class QuorumToleranceDrill {
    /**
     * So many writes commit on every survivor before the killed members come back: the 50 that the check asks for after
     * the first one, and a few for operations that were in flight.
     */
    private static final int WRITES_PER_SURVIVOR = 55;

    /** As an operator starts them; power loss starts them all at once. */
    private static final Duration PAUSE_BETWEEN_STARTS = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final DrillDefinition DEFINITION = new DrillDefinition(
            "quorum-tolerance",
            "quorum tolerance",
            "With a majority alive every surviving member goes on committing writes; without one no write is acknowledged"
                    + " and serializable reads still answer; nothing acknowledged is lost.",
            "etcd docs, faq, \"What is failure tolerance\"; op-guide/failures, \"Majority failure\"",
            Drills.checksWith("quorum-tolerance", "recovery"),
            Set.of(),
            true,
            recipe -> KillClass.of(recipe.members().size()).stream()
                    .map(KillClass::toString)
                    .toList());

    /**
     * One class of kills: which members of it are hit is drawn from the seed.
     *
     * @param members of the cluster
     * @param killed how many of them
     */
    record KillClass(int members, int killed, boolean withLeader) {
        static List<KillClass> of(int members) {
            return IntStream.range(1, members)
                    .boxed()
                    .flatMap(killed -> Stream.of(true, false).map(leader -> new KillClass(members, killed, leader)))
                    .toList();
        }

        boolean majorityAlive() {
            return members - killed > members / 2;
        }

        @Override
        public String toString() {
            return members + " members, killed " + killed + (withLeader ? " with the leader" : " followers");
        }
    }

    @Provide
    Arbitrary<Try<KillClass>> everyTry() {
        return Try.all(DEFINITION, recipe -> KillClass.of(recipe.members().size()));
    }

    @EveryTry
    void anySetOfMembersShortOfAllIsKilled(@ForAll("everyTry") Try<KillClass> one, DrillExecutions drills) {
        attempt(drills.on(one.recipe()), one.ofClass(), one.repetition());
    }

    static void attempt(DrillExecution drill, KillClass killClass, int repetition) {
        long seed = drill.seed(killClass + "/" + repetition);
        drill.attempt(
                killClass.toString(),
                seed,
                List.of(
                        "kill " + killClass.killed() + (killClass.withLeader() ? " with the leader" : " followers"),
                        killClass.majorityAlive()
                                ? "wait for " + WRITES_PER_SURVIVOR + " acknowledged writes on every survivor"
                                : "wait for a serializable read and a write of unknown outcome on every survivor",
                        "start them again one after another, wait for full health"),
                Set.of(),
                true,
                attempt -> killAndRestart(attempt, killClass, new Random(seed)));
        List<String> classes = drill.plan().requiredClasses();
        drill.progress(
                (classes.indexOf(killClass.toString()) + 1) + " of " + classes.size() + " classes   " + killClass);
    }

    private static void killAndRestart(Attempt attempt, KillClass killClass, Random random)
            throws InterruptedException {
        Member leader = attempt.leader();
        List<Member> followers = new ArrayList<>(attempt.etcd().members());
        followers.remove(leader);
        Collections.shuffle(followers, random);
        List<Member> victims = new ArrayList<>();
        if (killClass.withLeader()) {
            victims.add(leader);
        }
        victims.addAll(followers.subList(0, killClass.killed() - victims.size()));
        List<Member> survivors = attempt.etcd().members().stream()
                .filter(member -> !victims.contains(member))
                .toList();
        FaultInjector.ActiveFault fault = attempt.inject(
                "kill-" + killClass.killed(),
                FaultTypes.KILL,
                victims,
                leader.name() + " leads; alive stay "
                        + survivors.stream().map(Member::name).collect(Collectors.joining(", ")));
        OperationCounter counter = attempt.counter();
        counter.await(
                counts -> survivors.stream()
                        .map(member -> counts.of(member.name()))
                        .allMatch(count -> killClass.majorityAlive()
                                ? count.acknowledgedWrites() >= WRITES_PER_SURVIVOR
                                : count.serializableReads() > 0 && count.unknownWrites() > 1),
                PATIENCE);
        attempt.liftAndRecover(fault, PAUSE_BETWEEN_STARTS);
    }
}
