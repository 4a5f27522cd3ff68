package dev.etcddrill.crash;

import dev.etcddrill.drill.Runtimes;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.run.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code etcd-drill crash-test}: kills runs and looks for what they leave. */
@Command(
        name = "crash-test",
        mixinStandardHelpOptions = true,
        description = {
            "Starts runs with a plan of one fault each, kills them with SIGKILL, and compares the machine before and after:"
                    + " processes, namespaces, mounts, network links, rules, routes, loop devices, and what is labelled on"
                    + " the Docker daemon.",
            "Killed is either the run's owner, in the place of Maven, or the JVM that drills. Within 10 s, or 14 s"
                    + " where the owner was killed, nothing may be left, and the killed run must still be judged."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was left",
            "1:something was left, or a killed run could not be judged",
            "2:bad usage",
            "3:this machine cannot run what was asked for",
            "4:nothing was left, but fewer runs were killed than were asked for, or a fault type could not be tried"
        })
public final class CrashTestCommand implements Callable<Integer> {
    /** A run that ends by itself is as much as a kill; more of them would only take time. */
    private static final double LATEST = 0.95;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "Kills at random moments of runs with random faults (default ${DEFAULT-VALUE}).",
            defaultValue = "20")
    private int kills;

    @Option(
            names = "--every-ledger-entry",
            description =
                    "Before that, for each fault type, two kills at every entry that its run writes to the ledger: of the"
                            + " owner, and in another run of the JVM that drills.")
    private boolean everyLedgerEntry;

    @Option(
            names = "--faults",
            paramLabel = "ID[,ID...]",
            split = ",",
            description = "Fault types; by default all that the runtime can do.")
    private List<String> faults = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "Root of everything random; printed first.")
    private Long seed;

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            description = "auto, sandbox, docker or loopback (default ${DEFAULT-VALUE}).",
            defaultValue = "auto")
    private String runtime;

    @Option(
            names = "--maven",
            paramLabel = "CHECKOUT",
            description =
                    "Another checkout of etcd-drill, in which \"mvn verify -Pchaos\" runs the drills; Maven is then the"
                            + " owner that is killed. Not the one that this program runs from: Maven builds there.")
    private Path maven;

    private int done;
    private int left;
    private boolean fewerThanAsked;
    private boolean planRefused;
    private boolean unavailable;
    private Duration slowest = Duration.ZERO;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (kills < 0 || (kills == 0 && !everyLedgerEntry)) {
            throw new ParameterException(spec.commandLine(), "--kills must be 1 or more, but is " + kills);
        }
        List<String> runtimes = Runtimes.all().names();
        if (!runtimes.contains(runtime)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--runtime must be one of " + String.join(", ", runtimes) + ", but is " + runtime);
        }
        long root = seed == null ? new SecureRandom().nextInt(1_000_000_000) : seed;
        tell("seed " + root);
        Map<String, FaultDescription> types = types();
        types.values().removeIf(this::impossibleHere);
        if (types.isEmpty()) {
            return ExitStatus.UNAVAILABLE.code();
        }
        Random random = new Random(root);
        Path checkout = Path.of(System.getProperty("etcddrill.root", ".")).toAbsolutePath();
        Optional<Path> mavens = Optional.ofNullable(maven).map(Path::toAbsolutePath);
        if (mavens.filter(other -> !Files.isRegularFile(other.resolve("scenarios/pom.xml")))
                .isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--maven must name a checkout of etcd-drill, but there is no scenarios/pom.xml in " + maven);
        }
        if (mavens.isPresent() && Files.isSameFile(mavens.get(), checkout)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--maven must name another checkout than the one that this program runs from: Maven"
                            + " would build under it");
        }
        KilledRun runs = new KilledRun(
                checkout,
                Files.createDirectories(checkout.resolve(
                        "target/crash-test/" + ProcessHandle.current().pid())),
                runtime,
                mavens);
        Set<String> tried = new TreeSet<>();
        for (FaultDescription type : List.copyOf(types.values())) {
            if (everyLedgerEntry) {
                everyLedgerEntry(runs, type, random.nextLong(), tried);
            }
        }
        if (everyLedgerEntry && tried.isEmpty()) {
            return whereNothingWasTried();
        }
        if (everyLedgerEntry) {
            types.keySet().retainAll(tried);
        }
        if (kills > 0 && !random(runs, new ArrayList<>(types.values()), random)) {
            return whereNothingWasTried();
        }
        tell(String.format(
                Locale.ROOT,
                "%d kills, %s; the slowest was clean after %.1f s",
                done,
                left == 0 ? "nothing left" : left + " of them left something",
                slowest.toNanos() / 1e9));
        if (left == 0) {
            runs.forget();
        }
        ExitStatus whenClean = fewerThanAsked || planRefused || unavailable ? ExitStatus.INCONCLUSIVE : ExitStatus.PASS;
        return (left == 0 ? whenClean : ExitStatus.FAIL).code();
    }

    private int whereNothingWasTried() {
        if (left > 0) {
            return ExitStatus.FAIL.code();
        }
        return (planRefused ? ExitStatus.INCONCLUSIVE : ExitStatus.UNAVAILABLE).code();
    }

    /** Told, and no reason for another exit code: nobody can have it tried here. */
    private boolean impossibleHere(FaultDescription type) {
        Optional<String> obstacle = Runtimes.all().obstacle(runtime, type);
        obstacle.ifPresent(words -> tell(type.id() + ": not tried: " + words));
        return obstacle.isPresent();
    }

    private Map<String, FaultDescription> types() {
        Map<String, FaultDescription> types =
                new TreeMap<>(FaultTypes.installed().descriptions());
        for (String id : faults) {
            if (!types.containsKey(id)) {
                throw new ParameterException(
                        spec.commandLine(), "there is no fault type " + id + "; there are " + types.keySet());
            }
        }
        if (!faults.isEmpty()) {
            types.keySet().retainAll(faults);
        }
        return types;
    }

    /** Goes on to the next entry until a run ends before it writes so many. */
    private void everyLedgerEntry(KilledRun runs, FaultDescription type, long seed, Set<String> tried)
            throws IOException, InterruptedException {
        for (int number = 1; ; number++) {
            for (Kill.Victim victim : Kill.Victim.values()) {
                Kill kill = new Kill(type.id(), new Moment.LedgerEntry(number), victim);
                KillOutcome outcome = runs.run(kill, type, seed);
                if (outcome instanceof KillOutcome.EndedBefore ended) {
                    allEntriesTried(type, number - 1, ended, tried);
                    return;
                }
                told(kill, (KillOutcome.Killed) outcome);
            }
        }
    }

    private void allEntriesTried(FaultDescription type, int entries, KillOutcome.EndedBefore ended, Set<String> tried) {
        if (cannotBeDone(ended)) {
            refuse(type, ended);
        } else if (entries == 0) {
            tell(type.id() + ": writes nothing to the ledger, so there is no entry to kill it at");
        } else {
            tried.add(type.id());
            tell(type.id() + ": " + entries + " entries; a run that nobody killed ended with " + ended.exitCode()
                    + " and left " + (ended.left().isEmpty() ? "nothing" : "something"));
        }
        count(ended.left());
    }

    /** Returns whether runs can be had here at all. */
    private boolean random(KilledRun runs, List<FaultDescription> types, Random random)
            throws IOException, InterruptedException {
        Map<String, Duration> whole = new HashMap<>();
        int killed = 0;
        int endedBefore = 0;
        while (killed < kills) {
            if (types.isEmpty()) {
                return false;
            }
            FaultDescription type = types.get(random.nextInt(types.size()));
            String recipe = KilledRun.recipeOf(type);
            Duration length = whole.get(recipe);
            if (length == null) {
                Optional<Duration> seen = nobodyKills(runs, type, random.nextLong(), types);
                if (seen.isEmpty()) {
                    continue;
                }
                length = seen.get();
                whole.put(recipe, length);
            }
            Duration moment = Duration.ofNanos((long) (length.toNanos() * LATEST * random.nextDouble()));
            Kill kill = new Kill(
                    type.id(), new Moment.After(moment), random.nextBoolean() ? Kill.Victim.OWNER : Kill.Victim.DRILL);
            KillOutcome outcome = runs.run(kill, type, random.nextLong());
            if (outcome instanceof KillOutcome.Killed hit) {
                killed++;
                told(kill, hit);
            } else {
                KillOutcome.EndedBefore ended = (KillOutcome.EndedBefore) outcome;
                count(ended.left());
                if (cannotBeDone(ended)) {
                    refuse(type, ended);
                    types.remove(type);
                } else {
                    tell(kill.fault() + ", " + kill.moment() + ": the run ended before, which is no kill");
                    endedBefore++;
                    if (endedBefore > kills) {
                        tell("more runs ended before their moment than were to be killed: given up after " + killed
                                + " of " + kills);
                        fewerThanAsked = true;
                        return true;
                    }
                }
            }
        }
        return true;
    }

    /** How long a run takes that goes on to its end; empty, and one type less, where this machine cannot do it. */
    private Optional<Duration> nobodyKills(
            KilledRun runs, FaultDescription type, long seed, List<FaultDescription> types)
            throws IOException, InterruptedException {
        Kill never = new Kill(type.id(), new Moment.LedgerEntry(Integer.MAX_VALUE), Kill.Victim.OWNER);
        if (!(runs.run(never, type, seed) instanceof KillOutcome.EndedBefore ended)) {
            throw new IllegalStateException("no ledger has so many entries");
        }
        count(ended.left());
        if (cannotBeDone(ended)) {
            refuse(type, ended);
            types.remove(type);
            return Optional.empty();
        }
        tell(String.format(
                Locale.ROOT,
                "%s: a run that nobody kills takes %.1f s, ends with %d and leaves %s",
                type.id(),
                ended.took().toNanos() / 1e9,
                ended.exitCode(),
                ended.left().isEmpty() ? "nothing" : "something"));
        return Optional.of(ended.took());
    }

    private static boolean cannotBeDone(KillOutcome.EndedBefore ended) {
        return ended.exitCode() == ExitStatus.UNAVAILABLE.code() || ended.exitCode() == ExitStatus.BAD_INPUT.code();
    }

    private void refuse(FaultDescription type, KillOutcome.EndedBefore ended) {
        planRefused |= ended.exitCode() == ExitStatus.BAD_INPUT.code();
        unavailable |= ended.exitCode() == ExitStatus.UNAVAILABLE.code();
        tell(type.id() + ": not tried, the run ended with " + ended.exitCode() + ": " + ended.lastLine());
    }

    private void told(Kill kill, KillOutcome.Killed killed) {
        done++;
        tell(String.format(
                Locale.ROOT,
                "kill %d: %s, %s, %s; %s after %.1f s; judged: %s",
                done,
                kill.fault(),
                kill.moment(),
                killed.victim(),
                killed.left().isEmpty() ? "nothing left" : "SOMETHING LEFT",
                killed.took().toNanos() / 1e9,
                killed.judged()));
        slowest = killed.took().compareTo(slowest) > 0 ? killed.took() : slowest;
        count(killed.left());
    }

    private void count(List<String> remains) {
        if (!remains.isEmpty()) {
            left++;
            remains.forEach(line -> tell("  " + line));
        }
    }

    private void tell(String line) {
        spec.commandLine().getOut().println("crash-test: " + line);
        spec.commandLine().getOut().flush();
    }
}
