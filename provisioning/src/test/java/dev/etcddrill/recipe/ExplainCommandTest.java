package dev.etcddrill.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExplainCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new ExplainCommand())
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    private List<String> row(String field) {
        return output.toString()
                .lines()
                .filter(line -> line.startsWith(field + " "))
                .map(line -> List.of(line.split(" {2,}", -1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyValueIsPrintedWithItsOriginAndItsRule() throws IOException {
        Path guide = ExampleRecipes.directory().resolve("guide-3-node.yaml");
        long line = Files.readString(guide)
                        .lines()
                        .takeWhile(text -> !text.contains("podSubnet"))
                        .count()
                + 1;

        assertThat(run(guide.toString())).isZero();

        assertThat(row("spec.kubernetes.podSubnet")).element(2).isEqualTo("line " + line);
        assertThat(row("spec.etcd.electionTimeout"))
                .containsExactly("spec.etcd.electionTimeout", "1s", "default", "etcd's default (CFG-04)");
        assertThat(row("spec.etcd.quotaBackendBytes")).startsWith("spec.etcd.quotaBackendBytes", "4GiB", "default");
        assertThat(row("spec.certificates.leafLifetime")).element(1).isEqualTo("8760h");
        assertThat(row("spec.members[2].address")).element(1).isEqualTo("10.0.1.12");
        assertThat(output.toString().lines()).hasSize(1 + RecipeFields.all().size() + 2 * 3);
    }

    @Test
    void anEmptyFieldIsNotStated() throws IOException {
        Path recipe = Files.writeString(
                directory.resolve("recipe.yaml"),
                Files.readString(ExampleRecipes.directory().resolve("guide-3-node.yaml"))
                        .replace("profile: corrected", "profile:"));

        assertThat(run(recipe.toString())).isZero();
        assertThat(row("spec.profile")).element(2).isEqualTo("default");
    }

    @Test
    void mistakesAreListed() throws IOException {
        Path recipe = Files.writeString(directory.resolve("recipe.yaml"), "kind: Nonsense\n");

        assertThat(run(recipe.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("recipe.yaml:1:");
        assertThat(run()).isEqualTo(2);
        assertThat(run("--schema", recipe.toString())).isEqualTo(2);
    }

    @Test
    void theSchemaIsPrinted() {
        assertThat(run("--schema")).isZero();
        assertThat(output.toString()).isEqualTo(RecipeSchema.text());
    }

    @Test
    void everyFieldStandsInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("../docs/recipe.md"));

        assertThat(RecipeFields.all())
                .allSatisfy(field -> assertThat(page)
                        .containsAnyOf(
                                "| `" + field.path() + "` |",
                                "| `." + field.key() + "` |",
                                "| `[]." + field.key() + "` |"));
    }

    /** A rule that nobody can look up explains nothing. */
    @Test
    void everyRuleStandsInTheCatalogue() throws IOException {
        String catalogue = Files.readString(Path.of("../docs/rules.md"));
        Matcher trap = Pattern.compile("trap (\\d+)").matcher(RecipeFields.all().toString());

        assertThat(RecipeFields.all().stream().flatMap(field -> field.rules().stream()))
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(catalogue).contains("| " + rule + " |"));
        assertThat(trap.results()).allSatisfy(found -> assertThat(catalogue).contains("| " + found.group(1) + " |"));
    }
}
