package dev.etcddrill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.fault.PlanFile;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.recipe.ClusterRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledRunTest {
    @TempDir
    private Path directory;

    @Test
    void thePlanOfEveryFaultTypeIsOne() throws Exception {
        FaultTypes types = FaultTypes.installed();
        ClusterRecipe recipe = ClusterRecipe.read(
                Path.of("../../recipes/production-5-node.yaml").toAbsolutePath().normalize());
        for (FaultDescription type : types.descriptions().values()) {
            Path file = directory.resolve(type.id() + ".yaml");
            Files.writeString(file, KilledRun.planOf(type));

            FaultPlan plan = PlanFile.read(file, types, types.rulesFor(recipe, "any", capability -> Optional.empty()));

            assertThat(plan.faults())
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.type()).isEqualTo(type.id()));
        }
    }
}
