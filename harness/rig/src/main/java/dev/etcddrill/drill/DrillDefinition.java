package dev.etcddrill.drill;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.workload.OperationMix;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a drill is, apart from what it does.
 *
 * @param id as in {@code -Ddrill.drills=}
 * @param title for people
 * @param promise the sentence of the guarantee that is drilled
 * @param source where the promise is documented
 * @param checks ids of the checks that judge each attempt
 * @param needs what the runtime must be able to do
 * @param everyRecipe whether the drill runs on every recipe of the run, or on the first one only
 * @param requiredClasses the classes that attempts must cover on a recipe
 * @param mix of operations that every attempt's load sends
 */
public record DrillDefinition(
        String id,
        String title,
        String promise,
        String source,
        List<String> checks,
        Set<Capability> needs,
        boolean everyRecipe,
        Function<ClusterRecipe, List<String>> requiredClasses,
        OperationMix mix) {
    public DrillDefinition {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(promise, "promise");
        requireNonNull(source, "source");
        checks = List.copyOf(checks);
        needs = Set.copyOf(needs);
        requireNonNull(requiredClasses, "requiredClasses");
        requireNonNull(mix, "mix");
    }

    /** With the general mix of operations. */
    public DrillDefinition(
            String id,
            String title,
            String promise,
            String source,
            List<String> checks,
            Set<Capability> needs,
            boolean everyRecipe,
            Function<ClusterRecipe, List<String>> requiredClasses) {
        this(id, title, promise, source, checks, needs, everyRecipe, requiredClasses, OperationMix.GENERAL);
    }
}
