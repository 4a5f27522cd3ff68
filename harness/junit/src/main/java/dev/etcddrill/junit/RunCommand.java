package dev.etcddrill.junit;

import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.drill.DrillCatalogue;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.Preparation;
import dev.etcddrill.drill.PreparationException;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.run.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code etcd-drill run}: the same drills as {@code mvn verify -Pchaos}, without Maven. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs a recipe as a real cluster in a sandbox, hurts it, judges it, and writes the report.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:PASS",
            "1:FAIL",
            "2:bad usage or a recipe with mistakes",
            "3:this machine cannot do it",
            "4:INCONCLUSIVE",
            "130:interrupted"
        })
public final class RunCommand implements Callable<Integer> {
    /** The run inside gives itself 3.5 s for its verdict and report. */
    private static final Duration GRACE_AFTER_INTERRUPT = Duration.ofMillis(4200);

    private static final Pattern PROPERTY = Pattern.compile(
            "(?<![\\w.-])drill\\.(recipe|drills|tries|seed|runtime|etcd\\.image|etcd|releases|runs|plan)(?![\\w.])");

    @Spec
    private CommandSpec spec;

    @Option(names = "--recipe", paramLabel = "FILE[,FILE...]", description = "Recipes; by default the two examples.")
    private String recipe;

    @Option(
            names = "--drills",
            paramLabel = "ID[,ID...]",
            completionCandidates = DrillIds.class,
            description = {
                "Drills to run, or smoke for those that take two minutes; by default all that this machine can do.",
                "There are ${COMPLETION-CANDIDATES}."
            })
    private String drills;

    @Option(names = "--tries", paramLabel = "N", description = "How often each class of a drill is tried (default 1).")
    private String tries;

    @Option(names = "--seed", paramLabel = "N", description = "Root of everything random; printed first.")
    private String seed;

    @Option(names = "--runtime", paramLabel = "NAME", description = "auto, sandbox, docker or loopback (default auto).")
    private String runtime;

    @Option(names = "--etcd", paramLabel = "DIRECTORY", description = "Directory of etcd, etcdctl and etcdutl.")
    private String etcd;

    @Option(
            names = "--releases",
            paramLabel = "ADDRESS",
            description = "Directory of etcd's release archives, laid out as upstream's.")
    private String releases;

    @Option(
            names = "--etcd-image",
            paramLabel = "IMAGE",
            description = "Image whose etcd is run, with --runtime docker.")
    private String etcdImage;

    @Option(names = "--runs", paramLabel = "DIRECTORY", description = "Where run directories go.")
    private String runs;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            completionCandidates = FaultIds.class,
            description = {
                "A plan of faults to run instead of the drills (docs/plans.md).",
                "Fault types: ${COMPLETION-CANDIDATES}."
            })
    private String plan;

    @Option(
            names = "--dry-run",
            description = "Prints the plan as a table, with the voters that can form a majority after each step, and"
                    + " starts nothing. Needs --plan.")
    private boolean dryRun;

    /** For the help. */
    static final class DrillIds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return DrillCatalogue.installed().stream().map(DrillDefinition::id).iterator();
        }
    }

    /** For the help. */
    static final class FaultIds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return FaultTypes.installed().descriptions().keySet().iterator();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, String> properties = new TreeMap<>();
        put(properties, "recipe", recipe);
        put(properties, "drills", drills);
        put(properties, "tries", tries);
        put(properties, "seed", seed);
        put(properties, "runtime", runtime);
        put(properties, "etcd", etcd);
        put(properties, "etcd.image", etcdImage);
        put(properties, "releases", releases);
        put(properties, "runs", runs);
        put(properties, "plan", plan);
        if (dryRun && plan == null) {
            throw new ParameterException(spec.commandLine(), "--dry-run needs a plan; give one in --plan");
        }
        Path root = Path.of(System.getProperty("etcddrill.root", "."));
        if (dryRun) {
            return forecast(root, properties);
        }
        Path records = runs == null ? root.resolve("target/drill-runs") : Preparation.resolve(root, runs);
        Path directory = records.toAbsolutePath()
                .resolveSibling("drill-work")
                .resolve("run-" + ProcessHandle.current().pid() + "-prepared");
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println("expected to write to " + directory.getParent() + ", but it cannot be made or written: "
                            + e + "; make it writable, or name another place in --runs");
            return ExitStatus.UNAVAILABLE.code();
        }
        try {
            new Preparation(
                            root,
                            properties,
                            DrillCatalogue.installed(),
                            new SecureRandom(),
                            this::progress,
                            Preparation.Entry.PROGRAM)
                    .prepare(directory, ProcessHandle.current());
            Process process = new ProcessBuilder(List.of(
                            directory.resolve("bin/java").toString(),
                            // Two sandboxes side by side each have a process 1, and would share its file.
                            "-XX:-UsePerfData",
                            "-D" + PreparedRun.PROPERTY + "=" + directory.resolve("prepared.json"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            DrillMain.class.getName(),
                            "dev.etcddrill.scenario"))
                    .inheritIO()
                    .start();
            // An interrupt reaches both processes; the verdict is to be told before the prompt comes back.
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> awaitEnd(process, directory), "await-the-interrupted-run"));
            return process.waitFor();
        } catch (PreparationException e) {
            spec.commandLine().getErr().println(asOptions(e.getMessage()));
            return e.status().code();
        } finally {
            FileTree.delete(directory);
        }
    }

    private Integer forecast(Path root, Map<String, String> properties) {
        try {
            new Preparation(
                            root,
                            properties,
                            DrillCatalogue.installed(),
                            new SecureRandom(),
                            this::progress,
                            Preparation.Entry.PROGRAM)
                    .forecast(Path.of(plan))
                    .forEach(spec.commandLine().getOut()::println);
            return ExitStatus.PASS.code();
        } catch (PreparationException e) {
            spec.commandLine().getErr().println(asOptions(e.getMessage()));
            return e.status().code();
        }
    }

    private static void awaitEnd(Process process, Path directory) {
        try {
            process.waitFor(GRACE_AFTER_INTERRUPT.toMillis(), TimeUnit.MILLISECONDS);
            FileTree.delete(directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The next run removes it.
        }
    }

    /** Maven's users give {@code -Ddrill.runs=}, ours {@code --runs}. */
    static String asOptions(String message) {
        return PROPERTY.matcher(message)
                .replaceAll(property -> "--" + property.group(1).replace('.', '-'));
    }

    private void progress(String line) {
        spec.commandLine().getOut().println("etcd-drill: " + line);
        spec.commandLine().getOut().flush();
    }

    private static void put(Map<String, String> properties, String name, String value) {
        if (value != null) {
            properties.put("drill." + name, value);
        }
    }
}
