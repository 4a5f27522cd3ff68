package dev.etcddrill.scenario;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.drill.Procedures;
import dev.etcddrill.fault.DataLossFault;
import dev.etcddrill.fault.DataRollbackFault;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.junit.DrillExecutions;
import dev.etcddrill.junit.EtcdDrillProperty;
import dev.etcddrill.junit.EveryTry;
import dev.etcddrill.junit.Try;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.workload.OperationCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;

/**
 * Members lose what they stored, or find an older copy of it, and are started again from the deployed files as if nothing had
 * happened: first under the leader that knows what they had, then under another one. None may take part before the runbook's
 * replacement.
 */
@EtcdDrillProperty("data-loss")
class DataLossDrill {
    private static final int WRITES = 20;

    /** How long a member works after its copy was taken: some hundred writes that the copy does not have. */
    private static final Duration AGE = Duration.ofSeconds(3);

    /** Long enough that the process is seen to run on, short enough that etcd begins no new segment of its log. */
    private static final Duration BEFORE_END = Duration.ofSeconds(1);

    /** What becomes of the data. */
    enum Kind {
        LOST("data lost", FaultTypes.DATA_LOSS),
        /** Then what the unit runs after etcd finds nothing: it must not take that for data that was never there. */
        LOST_UNDER_IT("data lost under a running member", FaultTypes.DATA_LOSS),
        OLDER_COPY("replaced by an older copy", FaultTypes.DATA_ROLLBACK);

        private final String text;
        private final String fault;

        Kind(String text, String fault) {
            this.text = text;
            this.fault = fault;
        }

        private Map<String, Object> parameters() {
            return switch (this) {
                case LOST -> Map.of();
                case LOST_UNDER_IT -> Map.of(DataLossFault.BEFORE_END, BEFORE_END);
                case OLDER_COPY -> Map.of(DataRollbackFault.AGE, AGE);
            };
        }
    }

    /**
     * One class.
     *
     * @param count of members that it hits
     */
    record Loss(Kind kind, int count, int members) {
        @Override
        public String toString() {
            return kind.text + " on " + count + " of " + members;
        }
    }

    static final DrillDefinition DEFINITION = new DrillDefinition(
            "data-loss",
            "data lost",
            "A member whose data is lost, or replaced by an older copy, founds no cluster of its own and does not vote until it is"
                    + " replaced; no acknowledged write is lost.",
            "etcd docs, op-guide/runtime-configuration, \"Replace a failed machine\"",
            Drills.checksWith("data-loss", "recovery"),
            Set.of(Capability.OWN_HOSTS),
            true,
            recipe -> losses(recipe).stream().map(Loss::toString).toList());

    @Provide
    Arbitrary<Try<Loss>> everyTry() {
        return Try.all(DEFINITION, DataLossDrill::losses);
    }

    @EveryTry
    void aMemberWithoutItsDataStaysOutUntilItIsReplaced(@ForAll("everyTry") Try<Loss> one, DrillExecutions drills) {
        attempt(drills.on(one.recipe()), one.ofClass(), one.repetition());
    }

    /**
     * One member under its running process; in each other way one member, then the most that a majority survives, where
     * that is more.
     */
    private static List<Loss> losses(ClusterRecipe recipe) {
        int members = recipe.members().size();
        int most = (members - 1) / 2;
        return most == 0
                ? List.of()
                : Stream.concat(
                                Stream.of(new Loss(Kind.LOST_UNDER_IT, 1, members)),
                                IntStream.of(1, most)
                                        .distinct()
                                        .boxed()
                                        .flatMap(count -> Stream.of(Kind.LOST, Kind.OLDER_COPY)
                                                .map(kind -> new Loss(kind, count, members))))
                        .toList();
    }

    static void attempt(DrillExecution drill, Loss loss, int repetition) {
        long seed = drill.seed(loss + "/" + repetition);
        drill.attempt(
                loss.toString(),
                seed,
                List.of(
                        loss.toString(),
                        "start them again from the deployed files, in a sampled order",
                        "hand the leadership on, start them again",
                        "take them out and put them in again as the runbook says, wait for full health"),
                Set.of(),
                false,
                attempt -> lose(attempt, loss, new Random(seed)));
        List<String> classes = drill.plan().requiredClasses();
        drill.progress((classes.indexOf(loss.toString()) + 1) + " of " + classes.size() + " classes   " + loss);
    }

    private static void lose(Attempt attempt, Loss loss, Random random) throws InterruptedException {
        List<Member> members = new ArrayList<>(attempt.etcd().members());
        Collections.shuffle(members, random);
        List<Member> victims = members.subList(0, loss.count());
        List<Member> others = members.subList(loss.count(), members.size());
        List<String> names = victims.stream().map(Member::name).toList();
        FaultInjector.ActiveFault fault = attempt.injector()
                .inject(
                        new PlannedFault(
                                loss.kind().fault + "-" + loss.count(),
                                loss.kind().fault,
                                new FaultTarget.Members(names),
                                loss.kind().parameters()),
                        ResolvedTarget.ofMembers(names),
                        "taken from " + String.join(", ", names));
        startAgain(attempt, fault, victims, others, random);
        Procedures.moveLeader(attempt, others);
        startAgain(attempt, fault, victims, others, random);
        attempt.liftAndRecover(fault);
    }

    private static void startAgain(
            Attempt attempt, FaultInjector.ActiveFault fault, List<Member> victims, List<Member> others, Random random)
            throws InterruptedException {
        List<Member> order = new ArrayList<>(victims);
        Collections.shuffle(order, random);
        OperationCounter since = attempt.counter();
        for (Member member : order) {
            Procedures.startAfterDataLoss(attempt, fault, member);
        }
        since.await(
                counts -> others.stream()
                        .allMatch(member -> counts.of(member.name()).acknowledgedWrites() >= WRITES),
                Duration.ofSeconds(20));
    }
}
