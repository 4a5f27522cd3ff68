package dev.etcddrill.junit;

import dev.etcddrill.drill.DrillCatalogue;
import dev.etcddrill.drill.DrillDefinition;

/** Looks drills up in the installed catalogues. */
final class Definitions {
    private Definitions() {}

    /**
     * The drill of an id.
     *
     * @throws IllegalArgumentException where no catalogue has it
     */
    static DrillDefinition of(String id) {
        return DrillCatalogue.installed().stream()
                .filter(drill -> drill.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no installed DrillCatalogue has a drill " + id + "; is its service file in the jar?"));
    }
}
