package dev.etcddrill.junit;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillSession;
import dev.etcddrill.recipe.ClusterRecipe;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * One attempt that a property drill has to make: a coverage class on a recipe, for the n-th time.
 *
 * @param <C> the drill's own type of a class
 * @param repetition counted from 1
 */
public record Try<C>(ClusterRecipe recipe, C ofClass, int repetition) {
    public Try {
        requireNonNull(recipe, "recipe");
        requireNonNull(ofClass, "ofClass");
        if (repetition < 1) {
            throw new IllegalArgumentException("repetitions count from 1, but this is " + repetition);
        }
    }

    /**
     * All that this run asks of a drill, for {@link EveryTry}.
     *
     * @param classes that a recipe has
     */
    public static <C> Arbitrary<Try<C>> all(DrillDefinition drill, Function<ClusterRecipe, List<C>> classes) {
        DrillSession session = SessionAccess.session();
        return Arbitraries.of(session.recipesOf(drill).stream()
                .flatMap(recipe -> IntStream.rangeClosed(1, session.tries())
                        .boxed()
                        .flatMap(repetition ->
                                classes.apply(recipe).stream().map(one -> new Try<>(recipe, one, repetition))))
                .toList());
    }

    @Override
    public String toString() {
        return recipe.name() + ": " + ofClass + ", " + repetition;
    }
}
