package dev.etcddrill.scenario;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.junit.EtcdDrill;
import dev.etcddrill.workload.OperationCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Members lose power under load: whatever was not synced to disk is gone, and no acknowledged write may be among it. */
@EtcdDrill("power-loss")
class PowerLossDrill {
    /** Enough writes in the seconds before the cut for the check to judge. */
    private static final int WRITES_PER_MEMBER = 60;

    private static final String ONE = "one member";
    private static final String MAJORITY = "a majority";
    static final String ALL = "all members at once";

    static final DrillDefinition DEFINITION = new DrillDefinition(
            "power-loss",
            "power loss",
            "A write that was acknowledged is on disk: it survives the loss of power on one member, a majority, or all.",
            "etcd docs, learning/api_guarantees, \"Durability\"",
            Drills.checksWith("power-loss", "recovery"),
            Set.of(Capability.POWER_LOSS),
            false,
            recipe -> List.of(ONE, MAJORITY, ALL));

    @Test
    void acknowledgedWritesSurviveThePowerLoss(DrillExecution drill) {
        run(drill);
    }

    static void run(DrillExecution drill) {
        int members = drill.recipe().members().size();
        for (int repetition = 1; repetition <= drill.session().tries(); repetition++) {
            attempt(drill, ONE, 1, repetition);
            attempt(drill, MAJORITY, members / 2 + 1, repetition);
            attempt(drill, ALL, members, repetition);
        }
    }

    static void attempt(DrillExecution drill, String coverageClass, int count, int repetition) {
        long seed = drill.seed(coverageClass + "/" + repetition);
        drill.attempt(
                coverageClass,
                seed,
                List.of(
                        "before the load, write out every member's disk, as the kernel does within seconds",
                        "wait for " + WRITES_PER_MEMBER + " acknowledged writes on every member",
                        "cut the power of " + coverageClass,
                        "start what was cut on what its disk still has, wait for full health"),
                Set.of(Capability.POWER_LOSS),
                false,
                attempt -> cut(attempt, count, new Random(seed)));
        List<String> classes = drill.plan().requiredClasses();
        drill.progress((classes.indexOf(coverageClass) + 1) + " of " + classes.size() + " classes   " + coverageClass);
    }

    private static void cut(Attempt attempt, int count, Random random) throws InterruptedException {
        OperationCounter counter = attempt.counter();
        counter.await(
                counts -> attempt.etcd().members().stream()
                        .allMatch(member -> counts.of(member.name()).acknowledgedWrites() >= WRITES_PER_MEMBER),
                Duration.ofSeconds(30));
        List<Member> members = new ArrayList<>(attempt.etcd().members());
        Collections.shuffle(members, random);
        List<Member> victims = members.subList(0, count);
        FaultInjector.ActiveFault fault = attempt.inject(
                "power-loss-" + count,
                FaultTypes.POWER_LOSS,
                victims,
                "cut: " + victims.stream().map(Member::name).sorted().collect(Collectors.joining(", ")));
        attempt.liftAndRecover(fault);
    }
}
