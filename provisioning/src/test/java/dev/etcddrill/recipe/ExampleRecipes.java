package dev.etcddrill.recipe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The recipes of the repository, and variants of the guide's. */
public final class ExampleRecipes {

    private ExampleRecipes() {}

    /** The repository's directory {@code recipes}. */
    public static Path directory() {
        return Path.of(System.getProperty("reactor.root", ".."), "recipes");
    }

    /** The guide's cluster of three. */
    public static ClusterRecipe guide() {
        return ClusterRecipe.read(directory().resolve("guide-3-node.yaml"));
    }

    /** The production cluster of five. */
    public static ClusterRecipe production() {
        return ClusterRecipe.read(directory().resolve("production-5-node.yaml"));
    }

    /** The guide's recipe with one piece of its text replaced. */
    public static ClusterRecipe guideWith(String original, String replacement) {
        String text = guideText();
        if (!text.contains(original)) {
            throw new IllegalArgumentException("the guide's recipe does not contain: " + original);
        }
        return parse(text.replace(original, replacement));
    }

    static String guideText() {
        try {
            return Files.readString(directory().resolve("guide-3-node.yaml"));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    static ClusterRecipe parse(String text) {
        return RecipeReader.parse(Path.of("recipe.yaml"), text.getBytes(StandardCharsets.UTF_8));
    }
}
