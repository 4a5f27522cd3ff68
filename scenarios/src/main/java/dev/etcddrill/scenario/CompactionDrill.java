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
import dev.etcddrill.workload.OperationMix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;

/**
 * The history is compacted again and again at revisions drawn from the seed, between puts, deletes and transactions, while
 * members are killed.
 */
@EtcdDrillProperty("compaction")
class CompactionDrill {
    /** Enough, before, during and after the kill, that some of them are under way when it comes. */
    private static final int COMPACTIONS = 10;

    private static final int READS_PER_MEMBER = 20;
    private static final int REFUSALS_PER_MEMBER = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final DrillDefinition DEFINITION = new DrillDefinition(
                    "compaction",
                    "compaction",
                    "After a compaction every revision from the compacted one on is read exactly on every member, also after a"
                            + " kill, and every earlier one is refused as compacted.",
                    "etcd docs, op-guide/maintenance, \"History compaction\"; learning/api, \"Range\"",
                    Drills.checksWith("compaction", "recovery"),
                    Set.of(),
                    false,
                    recipe ->
                            Arrays.stream(Killed.values()).map(Killed::toString).toList())
            .with(OperationMix.COMPACTION);

    /** Who is killed between compactions. */
    enum Killed {
        FOLLOWER("a follower killed"),
        LEADER("the leader killed"),
        ALL("every member killed");

        private final String text;

        Killed(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }

        private List<Member> victims(Attempt attempt, Random random) throws InterruptedException {
            if (this == ALL) {
                return attempt.etcd().members();
            }
            Member leader = attempt.leader();
            if (this == LEADER) {
                return List.of(leader);
            }
            List<Member> followers = new ArrayList<>(attempt.etcd().members());
            followers.remove(leader);
            Collections.shuffle(followers, random);
            return followers.subList(0, 1);
        }
    }

    @Provide
    Arbitrary<Try<Killed>> everyTry() {
        return Try.all(DEFINITION, recipe -> List.of(Killed.values()));
    }

    @EveryTry
    void whatWasCompactedIsRefusedAndTheRestIsExact(@ForAll("everyTry") Try<Killed> one, DrillExecutions drills) {
        attempt(drills.on(one.recipe()), one.ofClass(), one.repetition());
    }

    static void attempt(DrillExecution drill, Killed killed, int repetition) {
        attempt(drill, killed, repetition, attempt -> {});
    }

    /** As a drill does it, with something else done before. */
    static void attempt(DrillExecution drill, Killed killed, int repetition, DrillExecution.Body before) {
        long seed = drill.seed(killed + "/" + repetition);
        drill.attempt(
                killed.toString(),
                seed,
                List.of(
                        "wait for " + COMPACTIONS + " compactions, and for " + READS_PER_MEMBER
                                + " reads of old revisions and " + REFUSALS_PER_MEMBER + " refusals on every member",
                        "kill: " + killed,
                        "wait for the same on the survivors, where there are any",
                        "start the killed again, wait for full health",
                        "wait for the same on every member"),
                Set.of(),
                // Judged from its first revision on.
                false,
                attempt -> {
                    before.run(attempt);
                    killBetweenCompactions(attempt, killed, new Random(seed));
                });
        List<String> classes = drill.plan().requiredClasses();
        drill.progress((classes.indexOf(killed.toString()) + 1) + " of " + classes.size() + " classes   " + killed);
    }

    private static void killBetweenCompactions(Attempt attempt, Killed killed, Random random)
            throws InterruptedException {
        List<Member> all = attempt.etcd().members();
        awaitCompactions(attempt.counter(), all);
        List<Member> victims = killed.victims(attempt, random);
        FaultInjector.ActiveFault fault = attempt.inject("kill", FaultTypes.KILL, victims, killed.toString());
        OperationCounter duringTheFault = attempt.counter();
        List<Member> survivors =
                all.stream().filter(member -> !victims.contains(member)).toList();
        if (!survivors.isEmpty()) {
            awaitCompactions(duringTheFault, survivors);
        }
        attempt.liftAndRecover(fault);
        awaitCompactions(attempt.counter(), all);
    }

    /** The check says what is missing; the drill only waits until there is enough to judge. */
    private static void awaitCompactions(OperationCounter counter, List<Member> members) throws InterruptedException {
        counter.await(
                counts -> {
                    List<OperationCounter.Counts> each = members.stream()
                            .map(member -> counts.of(member.name()))
                            .toList();
                    return each.stream()
                                            .mapToLong(OperationCounter.Counts::compactions)
                                            .sum()
                                    >= COMPACTIONS
                            && each.stream()
                                    .allMatch(count -> count.oldReads() >= READS_PER_MEMBER
                                            && count.compactedReads() >= REFUSALS_PER_MEMBER);
                },
                PATIENCE);
    }
}
