package dev.etcddrill.scenario;

import dev.etcddrill.drill.DrillCatalogue;
import dev.etcddrill.drill.DrillDefinition;
import java.util.ArrayList;
import java.util.List;

/** The drills of this jar, in the order in which a verdict lists them. */
public final class Drills implements DrillCatalogue {
    @Override
    public List<DrillDefinition> drills() {
        return List.of(
                LeaderLostDrill.DEFINITION,
                PowerLossDrill.DEFINITION,
                QuorumToleranceDrill.DEFINITION,
                SnapshotRestoreDrill.DEFINITION,
                SnapshotDataDrill.DEFINITION,
                DataLossDrill.DEFINITION,
                CompactionDrill.DEFINITION,
                CutsDrill.DEFINITION,
                LatencyDrill.DEFINITION,
                PlanDrill.DEFINITION);
    }

    /**
     * The checks that judge every attempt of every drill, and those of one drill's own between them, the gravest first:
     * a verdict gives its reasons in this order.
     */
    static List<String> checksWith(String... own) {
        List<String> checks =
                new ArrayList<>(List.of("durability", "revision-witness", "divergence", "identity", "formation"));
        checks.addAll(List.of(own));
        checks.addAll(List.of("server-log", "unsafe-settings", "evidence"));
        return checks;
    }
}
