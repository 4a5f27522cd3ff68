package dev.etcddrill.cluster;

import dev.etcddrill.drill.DrillCatalogue;
import dev.etcddrill.drill.DrillDefinition;
import java.util.List;
import java.util.Set;

/** Tells the preparation what this module's tests on real clusters need. */
public final class ClusterTests implements DrillCatalogue {
    @Override
    public List<DrillDefinition> drills() {
        return List.of(new DrillDefinition(
                "cluster-tests",
                "cluster tests",
                "the rig does to a cluster what it says",
                "this module's tests",
                List.of(),
                Set.of(Capability.PARTITIONS, Capability.LINK_FAULTS),
                false,
                recipe -> List.of()));
    }
}
