package dev.etcddrill.deployment;

import dev.etcddrill.document.InvalidDocumentException;
import dev.etcddrill.pki.EarlierCertificates;
import dev.etcddrill.pki.MissingAuthorityKeyException;
import dev.etcddrill.pki.Renewal;
import dev.etcddrill.recipe.ClusterRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
            "Where DIRECTORY holds an earlier deployment of the same cluster, its certificates are kept: only those are issued"
                    + " that are missing, due (30 days before their end, or a third of their life), for other names, uses or kinds of keys"
                    + " than the recipe's, or asked for. The same recipe gives the same bytes, and what is the same is not written."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  etcd-drill render recipes/guide-3-node.yaml -o deployment",
            "  etcd-drill render recipes/guide-3-node.yaml -o deployment --diff"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the deployment is written, or is there already; with --diff, nothing would change",
            "1:with --diff, something would change",
            "2:bad usage or bad recipe; every problem is listed and nothing is written",
            "3:the deployment cannot be written here"
        })
public final class RenderCommand implements Callable<Integer> {

    private static final int WRITTEN = 0;
    private static final int DIFFERS = 1;
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

    @Option(
            names = "--pki",
            paramLabel = "DIRECTORY",
            description =
                    "another copy of the earlier deployment, for what DIRECTORY has not, such as the authority's key")
    private Path pki;

    @Option(
            names = "--renew",
            description =
                    "issues all certificates of members and clients, whether they are due or not; the authority stays")
    private boolean renew;

    @Option(
            names = "--diff",
            description =
                    "prints what would change in DIRECTORY, and writes nothing; of private keys only that they change")
    private boolean diff;

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
            EarlierDeployment earlier = EarlierDeployment.read(output, read);
            Renewal renewal = Renewal.of(read, certificates(earlier, read), renew, clock, random);
            // A key that was taken away does not come back by itself.
            Deployment deployment = Deployment.render(
                    read,
                    earlier.present() && !earlier.hasAuthorityKey()
                            ? renewal.infrastructure().withoutAuthorityKey()
                            : renewal.infrastructure());
            PrintWriter out = commandLine.getOut();
            if (diff) {
                List<DeploymentDifference> differences = deployment.differencesFrom(output);
                tell(renewal, read, "would be issued: ", out);
                return print(differences, out);
            }
            List<DeploymentDifference> changes = deployment.writeTo(output);
            boolean written = !changes.isEmpty();
            tell(renewal, read, "issued: ", out);
            changes.stream()
                    .filter(difference -> difference.kind() == DeploymentDifference.Kind.GONE)
                    .forEach(difference -> out.println("removed: " + difference.place()));
            out.println(deployment.files().size() + " files for "
                    + deployment.hosts().size() + " hosts in " + output
                    + (written && earlier.present() ? ", " + count(changes) : "")
                    + (written
                            ? "; " + output.resolve("RUNBOOK.md") + " says what to do with them"
                            : " are there already, unchanged"));
            return WRITTEN;
        } catch (MissingAuthorityKeyException | IllegalArgumentException refused) {
            errors.println(output + (pki == null ? "" : " and " + pki) + ": " + refused.getMessage());
            return BAD_INPUT;
        } catch (InvalidDocumentException invalid) {
            invalid.problems().forEach(errors::println);
            return BAD_INPUT;
        } catch (OccupiedDirectoryException | OtherClusterException occupied) {
            errors.println(occupied.getFile() + ": " + occupied.getReason());
            return BAD_INPUT;
        } catch (FileSystemException failed) {
            errors.println("expected to read and write " + failed.getFile() + ", but "
                    + (failed.getReason() == null ? failed.getClass().getSimpleName() : failed.getReason())
                    + "; choose another directory");
            return CANNOT_WRITE;
        } catch (IOException failed) {
            errors.println(failed.getMessage());
            return CANNOT_WRITE;
        } catch (UncheckedIOException failed) {
            errors.println("expected to read and write " + output + ", but: "
                    + failed.getCause().getMessage() + "; make it accessible, or choose another directory");
            return CANNOT_WRITE;
        }
    }

    private EarlierCertificates certificates(EarlierDeployment earlier, ClusterRecipe read) throws IOException {
        if (pki == null) {
            return earlier.certificates();
        }
        EarlierDeployment copy = EarlierDeployment.read(pki, read);
        if (!copy.present()) {
            throw new IllegalArgumentException(
                    "expected an earlier deployment in " + pki + " (--pki), found none; name one");
        }
        return earlier.with(copy);
    }

    private void tell(Renewal renewal, ClusterRecipe read, String verb, PrintWriter out) {
        renewal.issued().forEach((purpose, reason) -> out.println(verb + purpose + ": " + reason));
        Instant end =
                renewal.infrastructure().authority().certificate().getNotAfter().toInstant();
        if (end.isBefore(clock.instant().plus(read.certificates().leafLifetime()))) {
            out.println("the authority ends on " + end + ", and nothing outlives it");
        }
    }

    private static int print(List<DeploymentDifference> differences, PrintWriter out) {
        boolean onlyDerived = differences.stream().allMatch(difference -> DeploymentTree.derived(difference.place()));
        for (DeploymentDifference difference : differences) {
            String place = difference.place();
            if (DeploymentTree.derived(place) && !onlyDerived) {
                continue;
            }
            switch (difference.kind()) {
                case NEW -> out.println("new: " + place);
                case GONE -> out.println("removed: " + place);
                case MODE -> out.println("permissions: " + place);
                case CHANGED -> {
                    out.println("changed: " + place);
                    difference.lines().forEach(out::println);
                }
            }
        }
        if (!differences.isEmpty()) {
            out.println(count(differences));
        }
        return differences.isEmpty() ? WRITTEN : DIFFERS;
    }

    /** Without the files that say nothing but what the others are. */
    private static String count(List<DeploymentDifference> differences) {
        Map<DeploymentDifference.Kind, Long> counts = new EnumMap<>(DeploymentDifference.Kind.class);
        differences.stream()
                .filter(difference -> !DeploymentTree.derived(difference.place()))
                .forEach(difference -> counts.merge(difference.kind(), 1L, Long::sum));
        return counts.getOrDefault(DeploymentDifference.Kind.CHANGED, 0L) + " changed, "
                + counts.getOrDefault(DeploymentDifference.Kind.NEW, 0L) + " new, "
                + counts.getOrDefault(DeploymentDifference.Kind.GONE, 0L) + " removed, "
                + counts.getOrDefault(DeploymentDifference.Kind.MODE, 0L) + " with other permissions";
    }
}
