package dev.etcddrill.crash;

import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.run.NotARunDirectoryException;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunJudge;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts a run of this program with a plan of one fault, kills it at its moment, and watches what is left. */
final class KilledRun {
    /** What the guards and the kernel are allowed (issue 5: 10 s). */
    private static final Duration CLEAN_UP_PATIENCE = Duration.ofSeconds(10);

    /** Before that, a drilling JVM whose owner is gone may write its report (owned-java.sh: 3.6 s, looked at every 0.3 s). */
    private static final Duration LAST_WORDS = Duration.ofSeconds(4);

    private static final Duration RUN_PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final Duration PAUSE_BETWEEN_INVENTORIES = Duration.ofMillis(100);
    private static final String PROGRAM = "dev.etcddrill.program.EtcdDrillProgram";
    /** What the command line of a drilling JVM has: started by this program, or by Maven's Failsafe. */
    private static final List<String> DRILLING = List.of("DrillMain", "surefirebooter");

    private static final String VARIABLE = "DRILL_CRASH_TEST";

    private final Path root;
    private final Path work;
    private final String runtime;
    private final Optional<Path> maven;
    private final String marker;

    /**
     * @param root of the checkout
     * @param work directory for plans, runs and what programs print
     * @param runtime as in {@code --runtime}
     * @param maven another checkout in which Maven runs the drills, and is the owner that is killed; empty for this program
     */
    KilledRun(Path root, Path work, String runtime, Optional<Path> maven) {
        this.root = root;
        this.work = work;
        this.runtime = runtime;
        this.maven = maven;
        this.marker = ProcessHandle.current().pid() + "-" + System.nanoTime();
    }

    /** Does it. */
    KillOutcome run(Kill kill, FaultDescription fault, long seed) throws IOException, InterruptedException {
        HostInventory before = inventory();
        Path directory = Files.createDirectories(work.resolve("kill-" + System.nanoTime()));
        Path output = directory.resolve("output.txt");
        Process owner = start(fault, seed, directory, output);
        // Where this test itself is interrupted, its run ends, too.
        Thread interrupted = new Thread(owner::destroy, "end-of-run");
        Runtime.getRuntime().addShutdownHook(interrupted);
        long started = System.nanoTime();
        try {
            boolean came = await(kill.moment(), owner, directory, started);
            if (!came && owner.isAlive()) {
                throw new IOException("a run with the fault " + fault.id() + " did not end within "
                        + RUN_PATIENCE.toMinutes()
                        + " minutes, and its moment did not come; it was ended. What it said is in "
                        + output);
            }
            if (!came) {
                return new KillOutcome.EndedBefore(
                        owner.waitFor(),
                        lastLine(output),
                        Duration.ofNanos(System.nanoTime() - started),
                        awaitNothingLeft(before, CLEAN_UP_PATIENCE).left());
            }
            Optional<ProcessHandle> drilling =
                    kill.victim() == Kill.Victim.DRILL ? drillingJvm(owner) : Optional.empty();
            drilling.orElse(owner.toHandle()).destroyForcibly();
            Left left = awaitNothingLeft(
                    before, drilling.isPresent() ? CLEAN_UP_PATIENCE : CLEAN_UP_PATIENCE.plus(LAST_WORDS));
            return new KillOutcome.Killed(
                    drilling.isPresent() ? Kill.Victim.DRILL : Kill.Victim.OWNER,
                    left.took(),
                    left.left(),
                    judged(directory));
        } finally {
            end(owner);
            forget(interrupted);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is being run.
        }
    }

    /** Whatever happens, nothing of ours goes on running. */
    private static void end(Process owner) throws InterruptedException {
        List<ProcessHandle> descendants = owner.descendants().toList();
        if (owner.isAlive()) {
            owner.destroy();
            if (!owner.waitFor(CLEAN_UP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                descendants.forEach(ProcessHandle::destroyForcibly);
                owner.destroyForcibly();
            }
        }
    }

    private Process start(FaultDescription fault, long seed, Path directory, Path output) throws IOException {
        Path plan = directory.resolve("plan.yaml");
        Files.writeString(plan, planOf(fault));
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("plan", plan.toString());
        properties.put("recipe", root.resolve(recipeOf(fault)).toString());
        properties.put("runs", directory.resolve("runs").toString());
        properties.put("seed", Long.toString(seed));
        properties.put("runtime", runtime);
        List<String> command = new ArrayList<>();
        if (maven.isPresent()) {
            command.addAll(List.of(
                    "mvn", "-B", "-o", "-f", maven.get().resolve("pom.xml").toString(), "verify", "-Pchaos"));
            properties.forEach((name, value) -> command.add("-Ddrill." + name + "=" + value));
        } else {
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Detcddrill.root=" + root,
                    "-cp",
                    System.getProperty("java.class.path"),
                    PROGRAM,
                    "run"));
            properties.forEach((name, value) -> command.addAll(List.of("--" + name, value)));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(VARIABLE, marker);
        return builder.start();
    }

    /** Some cuts need five members to tell halves and neighbours apart. */
    static String recipeOf(FaultDescription fault) {
        return fault.id().equals("bridge") || fault.id().equals("ring")
                ? "recipes/production-5-node.yaml"
                : "recipes/guide-3-node.yaml";
    }

    /** A plan that injects the fault early and lifts it soon. */
    static String planOf(FaultDescription fault) {
        String target = fault.target() == FaultTarget.Kind.LINKS
                ? "{links: [etcd-1 -> etcd-2]}"
                : fault.id().equals("ring") ? "{members: all}" : "{members: [etcd-2]}";
        String parameters = fault.parameters().stream()
                .filter(parameter -> parameter.fallback().isEmpty())
                .map(parameter -> parameter.name() + ": "
                        + switch (parameter.kind()) {
                            case DURATION -> "50ms";
                            case COUNT -> "50";
                        })
                .collect(Collectors.joining(", ", "{", "}"));
        return """
                apiVersion: etcddrill.dev/v1
                kind: FaultPlan
                metadata: {name: crash-test}
                spec:
                  faults:
                    - {id: fault, type: %s, target: %s, parameters: %s}
                  steps:
                    - {inject: fault, after: 10 writes}
                    - {lift: fault, after: 1s}
                """.formatted(fault.id(), target, parameters);
    }

    private boolean await(Moment moment, Process owner, Path directory, long started) throws InterruptedException {
        long end = started + RUN_PATIENCE.toNanos();
        while (System.nanoTime() < end && owner.isAlive()) {
            boolean now = moment instanceof Moment.After after
                    ? System.nanoTime() - started >= after.time().toNanos()
                    : ledgerEntries(directory) >= ((Moment.LedgerEntry) moment).number();
            if (now) {
                return true;
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
        return false;
    }

    private static int ledgerEntries(Path directory) {
        try (Stream<Path> files =
                Files.find(directory.resolve("runs"), 8, (path, attributes) -> path.endsWith("ledger.jsonl"))) {
            int entries = 0;
            for (Path ledger : files.toList()) {
                // The first line says what the file is.
                entries += (int) Math.max(
                        0,
                        Files.readString(ledger, StandardCharsets.UTF_8).lines().count() - 1);
            }
            return entries;
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private static Optional<ProcessHandle> drillingJvm(Process owner) {
        return owner.descendants().filter(KilledRun::drills).findFirst();
    }

    private static boolean drills(ProcessHandle process) {
        try {
            Path proc = Path.of("/proc", Long.toString(process.pid()));
            String command = Files.readString(proc.resolve("cmdline"), StandardCharsets.UTF_8);
            return DRILLING.stream().anyMatch(command::contains)
                    && Files.readSymbolicLink(proc.resolve("exe")).endsWith("java");
        } catch (IOException e) {
            return false;
        }
    }

    private HostInventory inventory() {
        return HostInventory.take(VARIABLE + "=" + marker);
    }

    private record Left(Duration took, List<String> left) {}

    private Left awaitNothingLeft(HostInventory before, Duration patience) throws InterruptedException {
        long started = System.nanoTime();
        List<String> left = inventory().changesSince(before);
        while (!left.isEmpty() && System.nanoTime() - started < patience.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(PAUSE_BETWEEN_INVENTORIES.toNanos());
            left = inventory().changesSince(before);
        }
        return new Left(Duration.ofNanos(System.nanoTime() - started), left);
    }

    /** A run that was killed must still be judged, whatever of it was written. */
    private static String judged(Path directory) throws IOException {
        Path runs = directory.resolve("runs");
        if (!Files.isDirectory(runs)) {
            return "it had no directory yet";
        }
        try (Stream<Path> all = Files.list(runs)) {
            Optional<Path> run = all.filter(
                            path -> path.getFileName().toString().startsWith("run-") && Files.isDirectory(path))
                    .findFirst();
            if (run.isEmpty()) {
                return "it had no directory yet";
            }
            return RunJudge.withInstalledChecks()
                    .judge(RunDirectory.open(run.get()), false)
                    .verdict()
                    .word();
        } catch (NotARunDirectoryException e) {
            return "it had not begun its record";
        }
    }

    private static String lastLine(Path output) throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .orElse("nothing");
    }

    /** Removes what was written. */
    void forget() throws IOException {
        FileTree.delete(work);
    }
}
