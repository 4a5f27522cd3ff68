package dev.etcddrill.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrillChoiceTest {
    private static final List<DrillDefinition> CATALOGUE = List.of(
            drill("one").in(DrillDefinition.SMOKE), drill("two"), drill("three").in(DrillDefinition.SMOKE));

    private final List<String> problems = new ArrayList<>();

    private static DrillDefinition drill(String id) {
        return new DrillDefinition(id, id, "promise", "source", List.of(), Set.of(), false, recipe -> List.of());
    }

    @Test
    void aGroupStandsForItsDrills() {
        assertThat(DrillChoice.of("smoke", CATALOGUE, problems)).containsExactly("one", "three");
        assertThat(problems).isEmpty();
    }

    @Test
    void groupsAndIdsCanBeMixedAndADrillIsChosenOnce() {
        assertThat(DrillChoice.of("two, smoke, one", CATALOGUE, problems)).containsExactly("two", "one", "three");
        assertThat(problems).isEmpty();
    }

    @Test
    void aNameThatIsNeitherIsToldWithAllThatThereAre() {
        assertThat(DrillChoice.of("two,smok", CATALOGUE, problems)).containsExactly("two");
        assertThat(problems)
                .containsExactly(
                        "drill.drills names \"smok\", but the drills are one, two, three; groups of them are smoke");
    }
}
