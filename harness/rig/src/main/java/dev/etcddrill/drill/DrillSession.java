package dev.etcddrill.drill;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.fault.PlanFile;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.plan.PlanRules;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.run.Checksum;
import dev.etcddrill.run.DrillVerdict;
import dev.etcddrill.run.Environment;
import dev.etcddrill.run.ReportWriter;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunHeader;
import dev.etcddrill.run.RunJudge;
import dev.etcddrill.run.RunSummary;
import dev.etcddrill.run.RunVerdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * One run of drills: owns the run directory, the runtime, and the rendered deployments. Closing it judges the run, writes
 * the report and removes every cluster; it may be closed by an interrupt while a drill runs, and closing twice does
 * nothing.
 */
public final class DrillSession implements AutoCloseable {
    private final PreparedRun prepared;
    private final ClusterRuntime runtime;
    private final RunDirectory directory;
    private final DrillConsole console;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final RunJudge judge = RunJudge.withInstalledChecks();
    private final List<ClusterRecipe> recipes = new ArrayList<>();
    private final Map<String, RenderedRecipe> rendered = new HashMap<>();
    private final Map<String, DrillPlan> plans = new LinkedHashMap<>();
    private final List<DrillExecution> executions = new ArrayList<>();
    private int clusters;
    private Optional<RunVerdict> verdict = Optional.empty();

    private DrillSession(
            PreparedRun prepared, ClusterRuntime runtime, RunDirectory directory, DrillConsole console, Clock clock) {
        this.prepared = prepared;
        this.runtime = runtime;
        this.directory = directory;
        this.console = console;
        this.clock = clock;
    }

    /**
     * Starts a run.
     *
     * @param runtime that its clusters live in; the session does not close it
     * @param catalogue of which the prepared run's chosen drills are planned
     * @throws UncheckedIOException where the run directory cannot be made
     */
    public static DrillSession open(
            PreparedRun prepared,
            ClusterRuntime runtime,
            List<DrillDefinition> catalogue,
            DrillConsole console,
            Clock clock) {
        requireNonNull(prepared, "prepared");
        try {
            List<ClusterRecipe> recipes = prepared.recipes().stream()
                    .map(ClusterRecipe::read)
                    .map(runtime::place)
                    .toList();
            Files.createDirectories(prepared.work());
            RunHeader header = new RunHeader(
                    clock.instant(),
                    prepared.seed(),
                    prepared.command(),
                    runtime.name(),
                    prepared.runtimeReason(),
                    recipes.stream().map(ClusterRecipe::name).toList(),
                    notProven(runtime));
            RunDirectory directory = RunDirectory.create(prepared.runs(), header);
            DrillSession session = new DrillSession(prepared, runtime, directory, console, clock);
            session.recipes.addAll(recipes);
            session.plan(catalogue);
            directory.writeEnvironment(session.environment());
            console.line("etcd-drill   seed " + prepared.seed() + "   " + runtime.name() + "   "
                    + prepared.programs().stream()
                            .map(programs -> "etcd " + programs.version())
                            .collect(joining(", "))
                    + "   " + directory.path());
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException("the run directory cannot be made in " + prepared.runs(), e);
        }
    }

    private static List<String> notProven(ClusterRuntime runtime) {
        List<String> lines = new ArrayList<>();
        lines.add("Certificates: the run made a twin of the deployed ones (same names, uses, key kind and life; other"
                + " keys), because production keys never enter a rig.");
        lines.addAll(runtime.notProven());
        return lines;
    }

    private void plan(List<DrillDefinition> catalogue) throws IOException {
        for (DrillDefinition drill : catalogue) {
            if (!prepared.drills().contains(drill.id())) {
                continue;
            }
            for (ClusterRecipe recipe : recipesOf(drill)) {
                plans.put(planId(drill, recipe), plan(drill, recipe));
            }
        }
        directory.plan(List.copyOf(plans.values()));
    }

    private DrillPlan plan(DrillDefinition drill, ClusterRecipe recipe) {
        Optional<String> notRun = drill.needs().stream()
                .sorted()
                .flatMap(need -> runtime.obstacle(need).stream())
                .findFirst();
        return new DrillPlan(
                planId(drill, recipe),
                drill.title(),
                drill.promise(),
                drill.source(),
                recipe.name(),
                recipe.members().stream().map(member -> member.name()).toList(),
                recipe.etcd().version().toString(),
                runtime.name(),
                drill.checks(),
                drill.requiredClasses().apply(recipe),
                new DrillPlan.Objectives(
                        new DrillPlan.Bound(
                                recipe.objectives().writeGapAfterLeaderLoss().value(),
                                recipe.objectives().writeGapAfterLeaderLoss().source()),
                        new DrillPlan.Bound(
                                recipe.objectives().fullHealthAfterFault().value(),
                                recipe.objectives().fullHealthAfterFault().source())),
                notRun);
    }

    private static String planId(DrillDefinition drill, ClusterRecipe recipe) {
        return drill.id() + "@" + recipe.name();
    }

    private Environment environment() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "kernel",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", memory());
        facts.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("runtime", prepared.runtimeReason());
        facts.put("file system of members", Files.getFileStore(prepared.work()).type());
        List<Environment.Binary> binaries = new ArrayList<>();
        for (PreparedRun.Programs programs : prepared.programs()) {
            for (Path program : List.of(programs.etcd(), programs.etcdctl(), programs.etcdutl())) {
                binaries.add(new Environment.Binary(
                        program.getFileName().toString(),
                        programs.version(),
                        programs.origin(),
                        program.toString(),
                        Checksum.sha256(program)));
            }
        }
        return new Environment(facts, binaries, HostWitness.idleFsync(prepared.work()));
    }

    private static String memory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemTotal:"))
                    .map(line -> line.replaceAll("\\D+", ""))
                    .map(kilobytes -> Math.round(Long.parseLong(kilobytes) / 1048576.0) + " GiB")
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Whether a drill was chosen for this run. */
    public boolean chosen(DrillDefinition drill) {
        return prepared.drills().contains(drill.id());
    }

    /** Why a drill cannot run here; empty where it can. */
    public Optional<String> notRun(DrillDefinition drill) {
        return recipesOf(drill).stream()
                .map(recipe -> plans.get(planId(drill, recipe)))
                .flatMap(plan -> plan.notRun().stream())
                .findFirst();
    }

    /** The recipes that a drill runs on: those that the user gave, or by default what the drill says. */
    public List<ClusterRecipe> recipesOf(DrillDefinition drill) {
        return drill.everyRecipe() ? List.copyOf(recipes) : List.of(recipes.get(0));
    }

    /**
     * The fault plan that the user gave, for a recipe.
     *
     * @throws IllegalStateException where none was given
     */
    public FaultPlan faultPlan(ClusterRecipe recipe) {
        Path file = prepared.plan().orElseThrow(() -> new IllegalStateException("no plan was given in drill.plan"));
        return PlanFile.read(file, FaultTypes.installed(), planRules(recipe));
    }

    /** What plans for a recipe are held against here. */
    PlanRules planRules(ClusterRecipe recipe) {
        return FaultTypes.installed().rulesFor(recipe, runtime.name(), runtime::obstacle);
    }

    /** How often each class of a drill is tried. */
    public int tries() {
        return prepared.tries();
    }

    /** Root of everything random. */
    public long seed() {
        return prepared.seed();
    }

    /** Where the run is recorded. */
    public Path path() {
        return directory.path();
    }

    /**
     * Begins a drill on a recipe.
     *
     * @param change what to alter in the rendered deployment, such as laying an overlay over it; the identity for drills
     */
    public DrillExecution begin(DrillDefinition drill, ClusterRecipe recipe, DeploymentChange change) {
        DrillPlan plan = plans.computeIfAbsent(planId(drill, recipe), id -> plan(drill, recipe));
        try {
            DrillExecution execution = new DrillExecution(
                    this, plan, recipe, change.apply(render(recipe).deployment()), directory.drill(plan), drill.mix());
            synchronized (executions) {
                executions.add(execution);
            }
            return execution;
        } catch (IOException e) {
            throw new UncheckedIOException("the directory of the drill " + plan.id() + " cannot be made", e);
        }
    }

    /** As {@link #begin(DrillDefinition, ClusterRecipe, DeploymentChange)}, with the deployment as it is rendered. */
    public DrillExecution begin(DrillDefinition drill, ClusterRecipe recipe) {
        return begin(drill, recipe, DeploymentChange.NONE);
    }

    /** The deployment of a recipe, rendered once a run; its secret files stay out of the run directory. */
    synchronized RenderedRecipe render(ClusterRecipe recipe) {
        return rendered.computeIfAbsent(recipe.name(), name -> {
            PublicKeyInfrastructure keys = PublicKeyInfrastructure.issue(recipe, clock, random);
            Deployment deployment = Deployment.render(recipe, keys);
            try {
                Path target = directory.deploymentDirectory(name);
                FileTree.delete(target);
                deployment.withoutSecrets().writeTo(target);
            } catch (IOException e) {
                throw new UncheckedIOException("the deployment cannot be kept in the run directory", e);
            }
            return new RenderedRecipe(recipe, keys, deployment);
        });
    }

    /** Renders a recipe for other addresses, with certificates from the authority of the one that it comes from. */
    Deployment renderFor(ClusterRecipe original, ClusterRecipe recipe) {
        return Deployment.render(
                recipe,
                PublicKeyInfrastructure.issueFrom(render(original).keys().authority(), recipe, clock, random));
    }

    synchronized String nextIncarnation() {
        clusters++;
        return "cluster-" + clusters;
    }

    ClusterRuntime runtime() {
        return runtime;
    }

    PreparedRun prepared() {
        return prepared;
    }

    RunJudge judge() {
        return judge;
    }

    DrillConsole console() {
        return console;
    }

    Clock clock() {
        return clock;
    }

    /** The verdict on one drill as far as it has gone. */
    DrillVerdict verdictOn(DrillPlan plan) {
        try {
            return judge.judge(directory, true).drills().stream()
                    .filter(drill -> drill.plan().id().equals(plan.id()))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("the run cannot be judged", e);
        }
    }

    /** The verdict, once the session is closed. */
    public synchronized Optional<RunVerdict> verdict() {
        return verdict;
    }

    /** Ends what still runs as interrupted, judges, writes the report, and prints the summary. */
    @Override
    public synchronized void close() {
        if (verdict.isPresent()) {
            return;
        }
        List<DrillExecution> open;
        synchronized (executions) {
            open = List.copyOf(executions);
        }
        open.forEach(DrillExecution::interrupt);
        try {
            RunVerdict result = judge.judge(directory, true);
            verdict = Optional.of(result);
            List<Path> reports = new ArrayList<>();
            for (ReportWriter writer : ServiceLoader.load(ReportWriter.class)) {
                try {
                    reports.add(writer.write(directory, result));
                } catch (IOException | RuntimeException e) {
                    // The verdict stands without it.
                    console.line("the report cannot be written: " + e + "; etcd-drill report " + directory.path()
                            + " tries it again");
                }
            }
            RunSummary.lines(result, directory.path(), reports).forEach(console::line);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the run in " + directory.path() + " cannot be judged; etcd-drill check " + directory.path()
                            + " tries it again",
                    e);
        } finally {
            open.forEach(DrillExecution::close);
        }
    }

    /** A recipe with what was rendered from it. */
    record RenderedRecipe(ClusterRecipe recipe, PublicKeyInfrastructure keys, Deployment deployment) {}

    /** Alters a rendered deployment before it is run: how a negative case lays its flaw over it (design decision 16). */
    @FunctionalInterface
    public interface DeploymentChange {
        /** Runs the deployment as it is. */
        DeploymentChange NONE = deployment -> deployment;

        /** The deployment to run. */
        Deployment apply(Deployment deployment);
    }
}
