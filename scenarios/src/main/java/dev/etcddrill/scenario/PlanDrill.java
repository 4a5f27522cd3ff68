package dev.etcddrill.scenario;

import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.drill.Preparation;
import dev.etcddrill.junit.EtcdDrill;
import dev.etcddrill.plan.FaultPlan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A plan of the user's own, {@code -Ddrill.plan=}. */
@EtcdDrill(Preparation.PLAN_DRILL)
class PlanDrill {
    private static final String EVERY_STEP = "every step of the plan";

    static final DrillDefinition DEFINITION = new DrillDefinition(
            Preparation.PLAN_DRILL,
            "fault plan",
            "Whatever the plan does, no acknowledged write is lost, reads are what they promise to be, and the cluster is"
                    + " whole again within the objective once everything is lifted.",
            "etcd docs, learning/api_guarantees",
            Drills.checksWith("recovery"),
            Set.of(),
            false,
            recipe -> List.of(EVERY_STEP));

    @Test
    void theClusterKeepsItsPromisesUnderThePlan(DrillExecution drill) {
        FaultPlan plan = drill.session().faultPlan(drill.recipe());
        for (int repetition = 1; repetition <= drill.session().tries(); repetition++) {
            long seed = drill.seed(plan.name() + "/" + repetition);
            drill.attempt(EVERY_STEP, seed, plan);
            drill.progress(repetition + " of " + drill.session().tries() + " runs   " + plan.name());
        }
    }
}
