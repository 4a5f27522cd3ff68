package dev.etcddrill.recipe;

import dev.etcddrill.document.DocumentReader;
import dev.etcddrill.document.ProblemCollector;
import java.nio.file.Path;

/** From a file to a recipe. */
final class RecipeReader {
    private static final String NOUN = "recipe";

    private RecipeReader() {}

    static ClusterRecipe read(Path file) {
        ProblemCollector problems = new ProblemCollector(file);
        return new RecipeBinder(problems).bind(new DocumentReader(NOUN, problems).read(file));
    }

    static ClusterRecipe parse(Path file, byte[] content) {
        ProblemCollector problems = new ProblemCollector(file);
        return new RecipeBinder(problems).bind(new DocumentReader(NOUN, problems).parse(file, content));
    }
}
