package dev.etcddrill.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.etcddrill.run.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
    private static final DrillDefinition DRILL = new DrillDefinition(
            "leader-lost", "leader lost", "promise", "source", List.of(), Set.of(), false, recipe -> List.of());

    @TempDir
    private Path root;

    private final List<String> progress = new ArrayList<>();

    @Test
    void listsAllMistakesAtOnceAndStartsNothing() throws IOException {
        Files.writeString(root.resolve("bad.yaml"), "kind: Nonsense\n");

        PreparationException refused = catchThrowableOfType(
                PreparationException.class,
                () -> prepare(Map.of(
                        "drill.recipe", "bad.yaml",
                        "drill.seed", "seven",
                        "drill.tries", "0",
                        "drill.runtime", "moon",
                        "drill.drills", "leader-lost,leader-found",
                        "drill.sed", "7")));

        assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(refused)
                .hasMessageContaining("drill.seed must be a whole number, but is seven")
                .hasMessageContaining("drill.tries must be at least 1, but is 0")
                .hasMessageContaining("drill.runtime must be one of auto, sandbox, docker, loopback, but is moon")
                .hasMessageContaining("drill.drills names \"leader-found\"")
                .hasMessageContaining("no property drill.sed")
                .hasMessageContaining("bad.yaml:1:");
        assertThat(root.resolve("out")).doesNotExist();
    }

    @Test
    void thePlansMistakesAreToldBesideOthers() throws IOException {
        Path plan = Files.writeString(root.resolve("plan.yaml"), "kind: Nonsense\n");
        Path recipe =
                Path.of("../../recipes/guide-3-node.yaml").toAbsolutePath().normalize();

        assertThatThrownBy(() -> prepare(Map.of(
                        "drill.plan", plan.toString(), "drill.seed", "seven", "drill.recipe", recipe.toString())))
                .hasMessageContaining("drill.seed must be a whole number")
                .hasMessageContaining("plan.yaml:1:");

        Files.writeString(root.resolve("bad.yaml"), "kind: Nonsense\n");
        assertThatThrownBy(() -> prepare(Map.of("drill.plan", plan.toString(), "drill.recipe", "bad.yaml")))
                .hasMessageContaining("bad.yaml:1:")
                .hasMessageContaining("plan.yaml was not looked at, because the cluster that it is for has mistakes");
    }

    @Test
    void aPlaceForRunsThatCannotBeMadeIsToldBeforeAnythingStarts() {
        assertThatThrownBy(() -> prepare(Map.of(
                        "drill.runs",
                        "/proc/runs",
                        "drill.recipe",
                        Path.of("../../recipes/guide-3-node.yaml")
                                .toAbsolutePath()
                                .normalize()
                                .toString())))
                .isInstanceOfSatisfying(
                        PreparationException.class,
                        refused -> assertThat(refused.status()).isEqualTo(ExitStatus.UNAVAILABLE))
                .hasMessageContaining("expected to write the record of the run to /proc/runs")
                .hasMessageContaining("drill.runs");
    }

    @Test
    void printsTheSeedFirst() {
        assertThatThrownBy(() -> prepare(Map.of("drill.seed", "7", "drill.runtime", "moon")))
                .isInstanceOf(PreparationException.class);

        assertThat(progress).first().isEqualTo("seed 7");
    }

    @Test
    void aNamedRecipeThatIsNotThereIsBadInput() {
        assertThatThrownBy(() -> prepare(Map.of("drill.recipe", "nowhere.yaml")))
                .isInstanceOfSatisfying(
                        PreparationException.class,
                        refused -> assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT))
                .hasMessageContaining("nowhere.yaml");
    }

    @Test
    void twoRecipesOfOneNameAreRefusedBecauseTheirEvidenceWouldMix() {
        Path guide = Path.of("../../recipes/guide-3-node.yaml").toAbsolutePath().normalize();

        assertThatThrownBy(() -> prepare(Map.of("drill.recipe", guide + "," + guide)))
                .isInstanceOfSatisfying(
                        PreparationException.class,
                        refused -> assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT))
                .hasMessageContaining("two recipes are called etcd-cluster-1");
    }

    @Test
    void subnetsThatOverlapAreRefused() throws IOException {
        Path guide = Path.of("../../recipes/guide-3-node.yaml").toAbsolutePath().normalize();
        Path wide = root.resolve("wide.yaml");
        Files.writeString(
                wide,
                Files.readString(guide)
                        .replace("etcd-cluster-1", "wide")
                        .replace("subnet: 10.0.1.0/24", "subnet: 10.0.0.0/16"));

        assertThatThrownBy(() -> prepare(Map.of("drill.recipe", guide + "," + wide)))
                .isInstanceOf(PreparationException.class)
                .hasMessageContaining("10.0.1.0/24 of etcd-cluster-1 and 10.0.0.0/16 of wide overlap");
    }

    private PreparedRun prepare(Map<String, String> properties) {
        return new Preparation(root, properties, List.of(DRILL), new Random(1), progress::add, Preparation.Entry.MAVEN)
                .prepare(root.resolve("out"), ProcessHandle.current());
    }
}
