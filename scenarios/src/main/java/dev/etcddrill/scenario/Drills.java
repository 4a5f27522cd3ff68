package dev.etcddrill.scenario;

import dev.etcddrill.drill.DrillCatalogue;
import dev.etcddrill.drill.DrillDefinition;
import java.util.ArrayList;
import java.util.List;

/** The drills of this jar, in the order in which they run. */
public final class Drills implements DrillCatalogue {
    @Override
    public List<DrillDefinition> drills() {
        return List.of(
                LeaderLostDrill.DEFINITION,
                PowerLossDrill.DEFINITION,
                QuorumToleranceDrill.DEFINITION,
                SnapshotRestoreDrill.DEFINITION);
    }

    /** The checks that judge every attempt of every drill, and those of one drill's own. */
    static List<String> checksWith(String... own) {
        List<String> checks = new ArrayList<>(List.of(
                "formation",
                "durability",
                "revision-witness",
                "identity",
                "divergence",
                "server-log",
                "unsafe-settings",
                "evidence"));
        checks.addAll(List.of(own));
        return checks;
    }
}
