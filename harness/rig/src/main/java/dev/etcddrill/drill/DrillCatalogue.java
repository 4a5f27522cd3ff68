package dev.etcddrill.drill;

import java.util.List;
import java.util.ServiceLoader;

/** Names the drills that a jar brings; found by {@link ServiceLoader}, so that a user's own jar can add some. */
public interface DrillCatalogue {
    /** The drills, in the order in which they run. */
    List<DrillDefinition> drills();

    /** All drills of all jars on the class path. */
    static List<DrillDefinition> installed() {
        return ServiceLoader.load(DrillCatalogue.class).stream()
                .flatMap(provider -> provider.get().drills().stream())
                .toList();
    }
}
