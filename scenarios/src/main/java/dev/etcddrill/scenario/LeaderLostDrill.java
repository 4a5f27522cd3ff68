package dev.etcddrill.scenario;

import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.junit.EtcdDrill;
import dev.etcddrill.workload.OperationCounter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The leader is killed, and stopped, again and again; the others must elect another and write on within the objective. */
@EtcdDrill("leader-lost")
class LeaderLostDrill {
    /** The floor for one kind of loss; {@code drill.tries} multiplies it. */
    static final int LOSSES = 10;

    private static final String KILLED = "leader killed (SIGKILL)";
    private static final String STOPPED = "leader stopped (SIGTERM)";

    static final DrillDefinition DEFINITION = new DrillDefinition(
                    "leader-lost",
                    "leader lost",
                    "After the leader is lost, a new one is elected and writes commit again within the objective; no acknowledged"
                            + " write is lost.",
                    "etcd docs, op-guide/failures, \"Leader failure\"",
                    Drills.checksWith("leader-loss", "recovery"),
                    Set.of(),
                    false,
                    recipe -> List.of(KILLED, STOPPED))
            .in(DrillDefinition.SMOKE);

    @Test
    void writesGoOnAfterTheLeaderIsLost(DrillExecution drill) {
        run(drill, LOSSES * drill.session().tries());
    }

    static void run(DrillExecution drill, int losses) {
        lose(drill, losses, KILLED, FaultTypes.KILL, "kill");
        lose(drill, losses, STOPPED, FaultTypes.TERMINATE, "stop");
    }

    private static void lose(DrillExecution drill, int losses, String coverageClass, String type, String verb) {
        drill.attempt(
                coverageClass,
                drill.seed(coverageClass),
                List.of(losses + " times: " + verb + " the leader, wait for writes on the others, start it again, wait"
                        + " for full health"),
                Set.of(),
                true,
                attempt -> {
                    for (int loss = 1; loss <= losses; loss++) {
                        loseOnce(attempt, type, verb + "-" + loss);
                        if (loss % 5 == 0 || loss == losses) {
                            drill.progress(loss + " of " + losses + " losses   " + coverageClass);
                        }
                    }
                });
    }

    private static void loseOnce(Attempt attempt, String type, String id) throws InterruptedException {
        Member leader = attempt.leader();
        OperationCounter counter = attempt.counter();
        FaultInjector.ActiveFault fault = attempt.inject(id, type, List.of(leader), leader.name() + " leads");
        counter.await(
                counts -> attempt.etcd().members().stream()
                        .filter(member -> !member.name().equals(leader.name()))
                        .allMatch(member -> counts.of(member.name()).acknowledgedWrites() > 0),
                Duration.ofSeconds(20));
        attempt.liftAndRecover(fault);
    }
}
