package dev.etcddrill.drill;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.workload.OperationMix;
import java.util.HashSet;
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
 * @param groups names that choose it together with others in {@code -Ddrill.drills=}, such as {@link #SMOKE}
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
        OperationMix mix,
        Set<String> groups) {
    /** The group of the drills that tell within two minutes whether a recipe works at all. */
    public static final String SMOKE = "smoke";

    public DrillDefinition {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(promise, "promise");
        requireNonNull(source, "source");
        checks = List.copyOf(checks);
        needs = Set.copyOf(needs);
        requireNonNull(requiredClasses, "requiredClasses");
        requireNonNull(mix, "mix");
        groups = Set.copyOf(groups);
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
        this(id, title, promise, source, checks, needs, everyRecipe, requiredClasses, OperationMix.GENERAL, Set.of());
    }

    /** The same drill, with another load. */
    public DrillDefinition with(OperationMix other) {
        return new DrillDefinition(
                id, title, promise, source, checks, needs, everyRecipe, requiredClasses, other, groups);
    }

    /** The same drill, in one more group. */
    public DrillDefinition in(String group) {
        Set<String> more = new HashSet<>(groups);
        more.add(group);
        return new DrillDefinition(id, title, promise, source, checks, needs, everyRecipe, requiredClasses, mix, more);
    }
}
