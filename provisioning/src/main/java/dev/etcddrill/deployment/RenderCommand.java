package dev.etcddrill.deployment;

import dev.etcddrill.document.InvalidDocumentException;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code etcd-drill render RECIPE -o DIRECTORY}. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = {
            "Renders a recipe into every file that the cluster's hosts need.",
            "Each run makes a new certificate authority and new keys; a deployment that is in DIRECTORY already is"
                    + " replaced as a whole."
        },
        footerHeading = "%nExample:%n",
        footer = "  etcd-drill render recipes/guide-3-node.yaml -o deployment",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the deployment is written",
            "2:bad usage or bad recipe; every problem is listed and nothing is written",
            "3:the deployment cannot be written here"
        })
public final class RenderCommand implements Callable<Integer> {

    private static final int WRITTEN = 0;
    private static final int BAD_INPUT = 2;
    private static final int CANNOT_WRITE = 3;

    private final Clock clock;
    private final SecureRandom random;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RECIPE", description = "recipe in YAML")
    private Path recipe;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIRECTORY",
            required = true,
            description = "where the deployment goes: new, empty, or an earlier deployment")
    private Path output;

    /** The command with the system's clock and randomness. */
    public RenderCommand() {
        this(Clock.systemUTC(), new SecureRandom());
    }

    /**
     * The command with a clock and randomness of choice.
     *
     * @param clock time that certificates start at
     * @param random source of keys and serial numbers
     */
    public RenderCommand(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** Renders; the result is the program's exit code. */
    @Override
    public Integer call() {
        CommandLine commandLine = spec.commandLine();
        PrintWriter errors = commandLine.getErr();
        try {
            ClusterRecipe read = ClusterRecipe.read(recipe);
            Deployment deployment = Deployment.render(read, PublicKeyInfrastructure.issue(read, clock, random));
            deployment.writeTo(output);
            commandLine
                    .getOut()
                    .println(deployment.files().size() + " files for "
                            + deployment.hosts().size() + " hosts in " + output + "; " + output.resolve("RUNBOOK.md")
                            + " says what to do with them");
            return WRITTEN;
        } catch (InvalidDocumentException invalid) {
            invalid.problems().forEach(errors::println);
            return BAD_INPUT;
        } catch (OccupiedDirectoryException occupied) {
            errors.println(output + ": " + occupied.getReason());
            return BAD_INPUT;
        } catch (FileSystemException failed) {
            errors.println("expected to write " + failed.getFile() + ", but "
                    + (failed.getReason() == null ? failed.getClass().getSimpleName() : failed.getReason())
                    + "; choose another directory");
            return CANNOT_WRITE;
        } catch (IOException failed) {
            errors.println(failed.getMessage());
            return CANNOT_WRITE;
        }
    }
}
