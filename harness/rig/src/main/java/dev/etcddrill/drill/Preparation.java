package dev.etcddrill.drill;

import static java.util.stream.Collectors.joining;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.RuntimeKind;
import dev.etcddrill.distribution.DistributionResolver;
import dev.etcddrill.distribution.DistributionUnavailableException;
import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.distribution.ToxiproxyResolver;
import dev.etcddrill.document.InvalidDocumentException;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.fault.PlanFile;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.plan.PlanForecast;
import dev.etcddrill.plan.PlanRules;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.EtcdVersion;
import dev.etcddrill.recipe.Subnet;
import dev.etcddrill.run.ExitStatus;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Everything that must happen before the sandbox is entered: settings are read and checked, recipes read, the runtime
 * chosen, programs found or built (which needs the network that a sandbox does not have), and the program that stands for
 * {@code java} written.
 */
public final class Preparation {
    private static final List<String> DEFAULT_RECIPES =
            List.of("recipes/guide-3-node.yaml", "recipes/production-5-node.yaml");

    private static final Set<String> KNOWN_PROPERTIES = Set.of(
            "drill.recipe",
            "drill.drills",
            "drill.tries",
            "drill.seed",
            "drill.runtime",
            "drill.etcd",
            "drill.etcd.image",
            "drill.plan",
            "drill.releases",
            "drill.runs",
            PreparedRun.PROPERTY);

    /** The drill that runs a plan of the user's. */
    public static final String PLAN_DRILL = "plan";

    private static final Pattern OWNED = Pattern.compile("(?:run|prepared)-(\\d+)-.*");

    private final Entry entry;
    private final Runtimes runtimes = Runtimes.all();
    private final FaultTypes faultTypes = FaultTypes.installed();
    private final Path root;
    private final Map<String, String> properties;
    private final List<DrillDefinition> catalogue;
    private final RandomGenerator seeds;
    private final Consumer<String> progress;

    /**
     * @param root of the checkout: default recipes and relative paths are resolved against it
     * @param properties the {@code drill.*} ones that the user gave
     * @param catalogue the drills that there are
     * @param seeds draws the seed where none is given
     * @param progress takes a line for each thing that takes time
     * @param entry how the run was started, for the command that runs it again
     */
    public Preparation(
            Path root,
            Map<String, String> properties,
            List<DrillDefinition> catalogue,
            RandomGenerator seeds,
            Consumer<String> progress,
            Entry entry) {
        this.entry = entry;
        this.root = root.toAbsolutePath().normalize();
        this.properties = new TreeMap<>(properties);
        this.catalogue = List.copyOf(catalogue);
        this.seeds = seeds;
        this.progress = progress;
    }

    /**
     * Prepares a run.
     *
     * @param directory that the prepared run and the sandbox's {@code java} are written to
     * @param owner the process that the sandbox ends with
     * @throws PreparationException where it cannot be run, with all mistakes at once
     */
    public PreparedRun prepare(Path directory, ProcessHandle owner) {
        List<String> problems = new ArrayList<>();
        for (String name : properties.keySet()) {
            if (!KNOWN_PROPERTIES.contains(name)) {
                problems.add("there is no property " + name + "; known are "
                        + KNOWN_PROPERTIES.stream()
                                .filter(known -> !known.equals(PreparedRun.PROPERTY))
                                .sorted()
                                .collect(joining(", ")));
            }
        }
        long seed = number("drill.seed", Long.MIN_VALUE, problems).orElseGet(() -> seeds.nextLong(1, 1_000_000_000L));
        progress.accept("seed " + seed);
        int tries = number("drill.tries", 1, problems).map(Math::toIntExact).orElse(1);
        String runtime = Optional.ofNullable(properties.get("drill.runtime")).orElse("auto");
        if (!runtimes.names().contains(runtime)) {
            problems.add("drill.runtime must be one of " + String.join(", ", runtimes.names()) + ", but is " + runtime);
        }
        Optional<String> etcdImage = Optional.ofNullable(properties.get("drill.etcd.image"));
        if (etcdImage.isPresent() && !runtime.equals("docker")) {
            problems.add("drill.etcd.image is for Docker: give drill.runtime docker with it, or leave it out");
        }
        Set<String> drills = chosenDrills(problems);
        List<Path> files = recipeFiles();
        List<ClusterRecipe> recipes = new ArrayList<>();
        for (Path file : files) {
            try {
                recipes.add(ClusterRecipe.read(file));
            } catch (InvalidDocumentException e) {
                problems.add(e.getMessage());
            }
        }
        recipes.stream().map(ClusterRecipe::name).distinct().forEach(name -> {
            if (recipes.stream().filter(recipe -> recipe.name().equals(name)).count() > 1) {
                problems.add("two recipes are called " + name
                        + "; give each a metadata.name of its own, or run them one after the other");
            }
        });
        overlappingSubnets(recipes).ifPresent(problems::add);
        Optional<Path> etcd = Optional.ofNullable(properties.get("drill.etcd")).map(this::resolve);
        Optional<URI> releases =
                Optional.ofNullable(properties.get("drill.releases")).flatMap(text -> releases(text, problems));
        Optional<Path> planFile =
                Optional.ofNullable(properties.get("drill.plan")).map(this::resolve);
        if (!problems.isEmpty()) {
            planFile.ifPresent(file -> problems.add(besideOtherMistakes(file, files.get(0), runtime)));
            throw new PreparationException(
                    ExitStatus.BAD_INPUT,
                    problems.stream().filter(problem -> !problem.isEmpty()).collect(joining("\n")));
        }
        Path runs = Optional.ofNullable(properties.get("drill.runs"))
                .map(this::resolve)
                .orElse(root.resolve("target/drill-runs"));
        requireWritable(runs);
        Runtimes.Choice choice = runtimes.choose(runtime, needs(drills));
        RuntimeKind kind = choice.kind();
        Optional<FaultPlan> plan =
                planFile.map(file -> forecast(file, rules(recipes.get(0), kind)).plan());
        Set<String> runnable = runnable(drills, kind);
        List<PreparedRun.Programs> programs = programs(recipes, etcd, releases);
        Path work = runs.resolveSibling("drill-work");
        removeLeftovers(work);
        PreparedRun run = new PreparedRun(
                seed,
                files,
                runnable,
                tries,
                kind.name(),
                choice.reason(),
                runs,
                work.resolve("run-" + owner.pid() + "-" + seed),
                programs,
                toxiproxy(runnable, plan),
                etcdImage,
                planFile,
                command(seed, files));
        kind.writeJava(directory, owner, Path.of(System.getProperty("java.home"), "bin", "java"));
        run.write(directory.resolve("prepared.json"));
        progress.accept("runtime " + run.runtimeReason());
        return run;
    }

    private static void requireWritable(Path runs) {
        try {
            Files.createDirectories(runs);
        } catch (IOException e) {
            throw new PreparationException(
                    ExitStatus.UNAVAILABLE,
                    "expected to write the record of the run to " + runs + ", but it cannot be made: " + e
                            + "; name another place in drill.runs");
        }
        if (!Files.isWritable(runs)) {
            throw new PreparationException(
                    ExitStatus.UNAVAILABLE,
                    "expected to write the record of the run to " + runs
                            + ", but it is not writable; name another place in drill.runs");
        }
    }

    /** Members of one subnet could not be told from those of the other by their routes. */
    private static Optional<String> overlappingSubnets(List<ClusterRecipe> recipes) {
        for (ClusterRecipe one : recipes) {
            for (ClusterRecipe other : recipes) {
                Subnet first = one.network().subnet();
                Subnet second = other.network().subnet();
                if (!first.equals(second) && first.overlaps(second)) {
                    return Optional.of("the subnets " + first + " of " + one.name() + " and " + second + " of "
                            + other.name() + " overlap; run these recipes one after the other");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<URI> releases(String text, List<String> problems) {
        if (!text.matches("https?://[^/].*")) {
            problems.add("drill.releases must be the http or https address of a directory of releases, but is " + text);
            return Optional.empty();
        }
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            problems.add("drill.releases is no address: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Long> number(String name, long least, List<String> problems) {
        String text = properties.get(name);
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && (least == Long.MIN_VALUE || value <= Integer.MAX_VALUE)) {
                return Optional.of(value);
            }
            problems.add(name + " must be at least " + least + ", but is " + text);
        } catch (NumberFormatException e) {
            problems.add(name + " must be a whole number, but is " + text);
        }
        return Optional.empty();
    }

    private Set<String> chosenDrills(List<String> problems) {
        Set<String> known =
                new LinkedHashSet<>(catalogue.stream().map(DrillDefinition::id).toList());
        String text = properties.get("drill.drills");
        boolean plan = properties.containsKey("drill.plan");
        if (text == null) {
            // A plan is a drill of its own: who gives one wants to see that.
            known.removeIf(id -> id.equals(PLAN_DRILL) != plan);
            return known;
        }
        Set<String> chosen = DrillChoice.of(text, catalogue, problems);
        if (chosen.contains(PLAN_DRILL) != plan) {
            problems.add(
                    plan
                            ? "drill.plan is given, but drill.drills does not name " + PLAN_DRILL
                                    + "; leave drill.drills out, or add it"
                            : "drill.drills names " + PLAN_DRILL + ", which needs a plan; give one in drill.plan");
        }
        return chosen;
    }

    private List<Path> recipeFiles() {
        String text = properties.get("drill.recipe");
        List<String> names = text == null ? DEFAULT_RECIPES : Arrays.asList(text.split(","));
        return names.stream().map(String::strip).map(this::resolve).toList();
    }

    private Path resolve(String path) {
        return resolve(root, path);
    }

    /** What is there as seen from the working directory, or else a place in the project. */
    public static Path resolve(Path root, String path) {
        Path here = Path.of(path).toAbsolutePath().normalize();
        return Files.exists(here) ? here : root.resolve(path).normalize();
    }

    private List<Collection<Capability>> needs(Set<String> drills) {
        return catalogue.stream()
                .filter(drill -> drills.contains(drill.id()))
                .map(drill -> (Collection<Capability>) drill.needs())
                .toList();
    }

    private Set<String> runnable(Set<String> chosen, RuntimeKind kind) {
        boolean named = properties.containsKey("drill.drills");
        for (DrillDefinition drill : catalogue) {
            if (named && chosen.contains(drill.id())) {
                drill.needs().stream()
                        .sorted()
                        .flatMap(need -> kind.obstacle(need).stream())
                        .findFirst()
                        .ifPresent(obstacle -> {
                            throw new PreparationException(
                                    ExitStatus.UNAVAILABLE,
                                    "The drill " + drill.id() + " was named in drill.drills, but it " + obstacle + ".");
                        });
            }
        }
        return chosen;
    }

    private List<PreparedRun.Programs> programs(
            List<ClusterRecipe> recipes, Optional<Path> given, Optional<URI> releases) {
        DistributionResolver resolver = DistributionResolver.forThisProcess(given, releases, progress);
        List<PreparedRun.Programs> programs = new ArrayList<>();
        for (EtcdVersion version : new LinkedHashSet<>(
                recipes.stream().map(recipe -> recipe.etcd().version()).toList())) {
            try {
                PreparedRun.Programs found = PreparedRun.Programs.of(resolver.resolve(version));
                progress.accept("etcd " + version + " " + found.origin() + ": " + found.etcd());
                programs.add(found);
            } catch (DistributionUnavailableException e) {
                throw new PreparationException(ExitStatus.UNAVAILABLE, e.getMessage());
            }
        }
        return programs;
    }

    /**
     * Looks at a plan without running it.
     *
     * @return the plan as a table
     * @throws PreparationException where it has mistakes or takes more than it says it may
     */
    public List<String> forecast(Path file) {
        ClusterRecipe recipe;
        try {
            recipe = ClusterRecipe.read(recipeFiles().get(0));
        } catch (InvalidDocumentException e) {
            throw new PreparationException(ExitStatus.BAD_INPUT, e.getMessage());
        }
        String runtime = Optional.ofNullable(properties.get("drill.runtime")).orElse(Runtimes.AUTO);
        PlanRules rules = rules(recipe, runtimes.choose(runtime, List.of()).kind());
        return forecast(resolve(file.toString()), rules).lines();
    }

    private PlanRules rules(ClusterRecipe recipe, RuntimeKind kind) {
        return faultTypes.rulesFor(recipe, kind.name(), kind::obstacle);
    }

    /** What is wrong with a plan of a run that is refused anyway; empty where nothing is. */
    private String besideOtherMistakes(Path plan, Path recipe, String runtime) {
        ClusterRecipe cluster;
        try {
            cluster = ClusterRecipe.read(recipe);
        } catch (InvalidDocumentException e) {
            return "the plan " + plan + " was not looked at, because the cluster that it is for has mistakes: "
                    + recipe;
        }
        Optional<RuntimeKind> named = runtimes.names().contains(runtime) && !runtime.equals(Runtimes.AUTO)
                ? Optional.of(runtimes.named(runtime))
                : Optional.empty();
        try {
            forecast(
                    plan,
                    faultTypes.rulesFor(
                            cluster, runtime, capability -> named.flatMap(kind -> kind.obstacle(capability))));
            return "";
        } catch (PreparationException e) {
            return e.getMessage();
        }
    }

    private PlanForecast forecast(Path file, PlanRules rules) {
        try {
            PlanForecast forecast = PlanForecast.of(PlanFile.read(file, faultTypes, rules), rules);
            if (forecast.refused()) {
                throw new PreparationException(ExitStatus.BAD_INPUT, String.join("\n", forecast.lines()));
            }
            return forecast;
        } catch (InvalidDocumentException e) {
            throw new PreparationException(ExitStatus.BAD_INPUT, e.getMessage());
        }
    }

    private Optional<Path> toxiproxy(Set<String> drills, Optional<FaultPlan> plan) {
        boolean needed = catalogue.stream()
                        .filter(drill -> drills.contains(drill.id()))
                        .anyMatch(drill -> drill.needs().contains(Capability.LINK_FAULTS))
                || plan.map(faultTypes::needs).orElse(Set.of()).contains(Capability.LINK_FAULTS);
        if (!needed) {
            return Optional.empty();
        }
        try {
            ToxiproxyResolver.Program found =
                    ToxiproxyResolver.forThisProcess(progress).resolve();
            progress.accept("Toxiproxy " + ToxiproxyResolver.VERSION + " " + found.origin() + ": " + found.path());
            return Optional.of(found.path());
        } catch (DistributionUnavailableException e) {
            throw new PreparationException(ExitStatus.UNAVAILABLE, e.getMessage());
        }
    }

    /** Files of runs that were killed: their directories are named after the process that owned the sandbox. */
    private void removeLeftovers(Path work) {
        if (!Files.isDirectory(work)) {
            return;
        }
        try (Stream<Path> directories = Files.list(work)) {
            for (Path directory : directories.toList()) {
                Matcher owner = OWNED.matcher(directory.getFileName().toString());
                if (owner.matches()
                        && ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty()) {
                    FileTree.delete(directory);
                    progress.accept("removed what a run left that was ended early: " + directory);
                }
            }
        } catch (IOException e) {
            progress.accept("files of earlier runs in " + work + " cannot be removed: " + e.getMessage());
        }
    }

    private String command(long seed, List<Path> recipes) {
        Map<String, String> again = new TreeMap<>(properties);
        again.remove(PreparedRun.PROPERTY);
        again.put("drill.seed", Long.toString(seed));
        if (again.containsKey("drill.recipe")) {
            // As seen from the checkout, which both entries look at: the run may have been started elsewhere.
            again.put(
                    "drill.recipe",
                    recipes.stream()
                            .map(file -> (file.startsWith(root) ? root.relativize(file) : file).toString())
                            .collect(joining(",")));
        }
        return again.entrySet().stream()
                .map(property -> entry.option(property.getKey()) + quoted(property.getValue()))
                .collect(joining(" ", entry.command() + " ", ""));
    }

    private static String quoted(String value) {
        return value.matches("[\\w./,:@+-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    /** How a run is started. */
    public enum Entry {
        /** {@code mvn verify -Pchaos}. */
        MAVEN("mvn verify -Pchaos", "-D", "="),
        /** {@code etcd-drill run}. */
        PROGRAM("./etcd-drill run", "--", " ");

        private final String command;
        private final String before;
        private final String after;

        Entry(String command, String before, String after) {
            this.command = command;
            this.before = before;
            this.after = after;
        }

        private String command() {
            return command;
        }

        private String option(String property) {
            return before
                    + (this == PROGRAM ? property.replaceFirst("^drill\\.", "").replace('.', '-') : property)
                    + after;
        }
    }
}
