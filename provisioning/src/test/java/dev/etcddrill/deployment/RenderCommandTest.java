package dev.etcddrill.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.recipe.ExampleRecipes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RenderCommandTest {

    @TempDir
    Path directory;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void writesTheDeployment() throws IOException {
        Path target = directory.resolve("deployment");

        assertThat(run(guide(), "-o", target.toString())).isZero();
        assertThat(Deployment.readFrom(target).hosts()).contains("etcd-1", "etcd-2", "etcd-3");
        assertThat(output.toString()).contains("57 files for 5 hosts");
        assertThat(errors.toString()).isEmpty();
    }

    @Test
    void listsEveryProblemAndWritesNothing() throws IOException {
        Path recipe = directory.resolve("recipe.yaml");
        Files.writeString(
                recipe,
                Files.readString(Path.of(guide()))
                        .replace("3.6.16", "9.9.9")
                        .replace("10.0.1.12", "10.0.9.12")
                        .replace("profile", "profil"));
        Path target = directory.resolve("deployment");

        assertThat(run(recipe.toString(), "-o", target.toString())).isEqualTo(2);
        assertThat(errors.toString().lines()).hasSize(3).allMatch(line -> line.startsWith(recipe + ":"));
        assertThat(target).doesNotExist();
    }

    @Test
    void refusesADirectoryThatHoldsSomethingElse() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "mine");

        assertThat(run(guide(), "-o", directory.toString())).isEqualTo(2);
        assertThat(errors.toString()).contains("name another directory").doesNotContain("\tat ");
        assertThat(directory).isDirectoryContaining(file -> file.endsWith("notes.txt"));
    }

    @Test
    void saysInOneLineWhenTheDirectoryCannotBeWritten() throws IOException {
        Path file = directory.resolve("file");
        Files.writeString(file, "");

        assertThat(run(guide(), "-o", file.resolve("below").toString())).isEqualTo(3);
        assertThat(errors.toString().lines()).hasSize(1);
    }

    @Test
    void refusesMissingArgumentsAndExplainsItself() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--help")).isZero();
        assertThat(output.toString()).contains("Example:", "Exit codes:", "render recipes/guide-3-node.yaml -o");
    }

    private int run(String... arguments) {
        return new CommandLine(new RenderCommand())
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    private static String guide() {
        return ExampleRecipes.directory().resolve("guide-3-node.yaml").toString();
    }
}
