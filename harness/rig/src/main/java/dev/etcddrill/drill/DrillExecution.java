package dev.etcddrill.drill;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.run.AttemptVerdict;
import dev.etcddrill.run.DrillDirectory;
import dev.etcddrill.run.DrillVerdict;
import dev.etcddrill.workload.OperationMix;
import dev.etcddrill.workload.Workload;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * One drill on one recipe: runs attempts, one at a time, each on a new cluster or, where the drill allows it and the last
 * attempt passed, on the last one after a health gate (design decision 12).
 */
public final class DrillExecution implements AutoCloseable {
    /** The floor: each attempt is under the load of at least so many clients. */
    private static final int LEAST_CLIENTS = 8;

    private static final Duration GATE_PATIENCE = Duration.ofSeconds(20);
    private static final Duration CLEARING_DEADLINE = Duration.ofSeconds(2);

    private final DrillSession session;
    private final DrillPlan plan;
    private final ClusterRecipe recipe;
    private final Deployment deployment;
    private final DrillDirectory directory;
    private final OperationMix mix;
    private int attempts;
    private long operations;
    private Optional<EtcdCluster> cluster = Optional.empty();
    private Optional<Attempt> current = Optional.empty();
    private boolean interrupted;
    private boolean neverFormed;
    private final List<Consumer<Attempt>> exitsBetweenAttempts = new ArrayList<>();
    private final Map<Path, Long> copiedLogs = new ConcurrentHashMap<>();

    DrillExecution(
            DrillSession session,
            DrillPlan plan,
            ClusterRecipe recipe,
            Deployment deployment,
            DrillDirectory directory,
            OperationMix mix) {
        this.session = session;
        this.plan = plan;
        this.recipe = recipe;
        this.deployment = deployment;
        this.directory = directory;
        this.mix = mix;
    }

    /** What every attempt's load is made of. */
    OperationMix mix() {
        return mix;
    }

    /** What the drill promises to show. */
    public DrillPlan plan() {
        return plan;
    }

    /** The recipe that it runs on. */
    public ClusterRecipe recipe() {
        return recipe;
    }

    /** The session that it belongs to. */
    public DrillSession session() {
        return session;
    }

    /**
     * Runs one attempt and judges it. What the body throws ends the attempt early; the checks then judge what there is.
     * Does nothing once a new cluster of this deployment did not become ready: that failed the drill, and every further
     * class would only wait for the same again.
     *
     * @param coverageClass one of the plan's required classes
     * @param seed of everything random in it
     * @param steps a line each, for the reader of the plan
     * @param reuse whether the cluster of the last attempt may serve
     */
    public void attempt(
            String coverageClass,
            long seed,
            List<String> steps,
            Set<Capability> capabilities,
            boolean reuse,
            Body body) {
        if (neverFormed) {
            return;
        }
        takeOverOrDiscard(coverageClass, seed, reuse, capabilities);
        run(newPlan(coverageClass, seed, steps), capabilities, body);
    }

    /**
     * Runs one attempt of a fault plan, on a cluster of its own that can do what the plan needs.
     *
     * @param coverageClass one of the drill's required classes
     * @param seed of everything random in it
     * @throws IllegalArgumentException before anything is started, with everything that makes the plan impossible on this
     *     recipe and in this runtime
     */
    public void attempt(String coverageClass, long seed, FaultPlan faultPlan) {
        FaultTypes types = FaultTypes.installed();
        FaultPlan possible = types.requirePossible(faultPlan, session.planRules(recipe));
        attempt(
                coverageClass,
                seed,
                possible.steps().stream()
                        .map(step -> {
                            PlannedFault fault = possible.fault(step.fault());
                            return step.trigger() + ": " + step.action().word() + " " + fault.id() + " ("
                                    + (fault.type() + " " + fault.parameterText()).strip() + " of " + fault.target()
                                    + ")";
                        })
                        .toList(),
                types.needs(possible),
                false,
                attempt -> attempt.run(possible, new Random(seed)));
    }

    /**
     * Sees to it that the last attempt's cluster is whole, or gone. Where it was not whole any more, what befell it
     * between two attempts is recorded as an attempt of its own that was not completed, so that no PASS hides it.
     */
    private void takeOverOrDiscard(String coverageClass, long seed, boolean reuse, Set<Capability> capabilities) {
        Optional<EtcdCluster> last = clusterNow();
        if (last.isEmpty() || !reuse) {
            discardCluster();
            return;
        }
        try {
            Optional<String> obstacle = HealthGate.obstacle(last.get(), GATE_PATIENCE);
            if (obstacle.isPresent()) {
                String reason = last.get().incarnation() + " was whole at the end of attempt " + attempts
                        + " and was not before the next one: " + obstacle.get();
                Attempt failedTakeover = openAttempt(
                        newPlan(coverageClass, seed, List.of("take over the cluster of the attempt before")),
                        capabilities);
                failedTakeover.adopt(last.get());
                failedTakeover.giveUp(reason);
                closed(failedTakeover);
                discardCluster();
            } else if (!clearKeys(last.get())) {
                discardCluster();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            discardCluster();
        }
    }

    /**
     * The attempt before left its keys; what is read from now on must be the next attempt's own. A delete whose outcome
     * is not known could take effect later and look like a write that nobody sent, so such a cluster is not taken over.
     */
    private static boolean clearKeys(EtcdCluster etcd) {
        try (MemberClient client = etcd.connect(etcd.members().get(0))) {
            for (KeyValue keyValue : client.readAll(CLEARING_DEADLINE).keyValues()) {
                if (!(client.send(new Request.Delete(keyValue.key()), CLEARING_DEADLINE) instanceof Outcome.Ok)) {
                    return false;
                }
            }
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private AttemptPlan newPlan(String coverageClass, long seed, List<String> steps) {
        attempts++;
        return new AttemptPlan(
                plan.id(),
                attempts,
                coverageClass,
                seed,
                steps,
                Workload.evenClients(recipe.members().size(), LEAST_CLIENTS));
    }

    private void run(AttemptPlan attemptPlan, Set<Capability> capabilities, Body body) {
        Attempt attempt = openAttempt(attemptPlan, capabilities);
        try {
            attempt.begin(clusterNow());
            body.run(attempt);
            attempt.complete();
        } catch (StepNotDoneException | ClusterException e) {
            attempt.giveUp(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            attempt.giveUp("interrupted");
        } catch (IOException | RuntimeException e) {
            attempt.giveUpUnexpectedly(e);
        } finally {
            closed(attempt);
        }
        if (isInterrupted()) {
            throw new StepNotDoneException("the run was interrupted");
        }
        if (!(judge(attempt.path()).verdict() instanceof Verdict.Pass)) {
            // Whatever a cluster went through that did not pass, the next attempt must not inherit.
            discardCluster();
        }
    }

    private synchronized void closed(Attempt attempt) {
        cluster = attempt.cluster();
        current = Optional.empty();
        operations += attempt.operations();
        neverFormed = attempt.formationFailed();
    }

    private synchronized boolean isInterrupted() {
        return interrupted;
    }

    private synchronized Attempt openAttempt(AttemptPlan attemptPlan, Set<Capability> capabilities) {
        if (interrupted) {
            throw new StepNotDoneException("the run was interrupted");
        }
        try {
            Attempt attempt = new Attempt(this, deployment, directory, attemptPlan, capabilities);
            current = Optional.of(attempt);
            exitsBetweenAttempts.forEach(exit -> exit.accept(attempt));
            exitsBetweenAttempts.clear();
            return attempt;
        } catch (IOException e) {
            throw new UncheckedIOException("the directory of attempt " + attemptPlan.number() + " cannot be made", e);
        }
    }

    private AttemptVerdict judge(Path attempt) {
        try {
            return session.judge().judge(attempt);
        } catch (IOException e) {
            throw new UncheckedIOException("the attempt in " + attempt + " cannot be judged", e);
        }
    }

    private synchronized Optional<EtcdCluster> clusterNow() {
        return cluster;
    }

    private void discardCluster() {
        Optional<EtcdCluster> old;
        synchronized (this) {
            old = cluster;
            cluster = Optional.empty();
        }
        old.ifPresent(this::remove);
    }

    /**
     * Removes a cluster. Where that fails it is told and the drill goes on: its verdict is not about that, and the
     * runtime lets no other cluster to the same addresses.
     */
    void remove(EtcdCluster old) {
        try {
            old.close();
        } catch (ClusterException | UncheckedIOException e) {
            session.console().line("etcd-drill: " + old.incarnation() + " could not be removed: " + e.getMessage());
        }
    }

    /** Prints how far the drill is. */
    public void progress(String state) {
        session.console().progress(plan.title(), state, operationsSoFar());
    }

    private synchronized long operationsSoFar() {
        return operations + current.map(Attempt::operations).orElse(0L);
    }

    /** The seed of one part of the drill, derived from the run's. */
    public long seed(String part) {
        // Mixed as in Steele et al., "Fast splittable pseudorandom number generators" (OOPSLA 2014).
        long mixed = session.seed();
        for (char letter : (plan.id() + "/" + part).toCharArray()) {
            mixed = (mixed ^ letter) * 0x9E3779B97F4A7C15L;
            mixed ^= mixed >>> 32;
        }
        return mixed;
    }

    /** Judges the drill over its attempts, prints the verdict, and removes its cluster. */
    public DrillVerdict finish() {
        discardCluster();
        DrillVerdict verdict = session.verdictOn(plan);
        String title = plan.title();
        if (verdict.verdict() instanceof Verdict.Pass) {
            session.console().verdict(title, "✓", "PASS   " + figures(verdict));
        } else {
            session.console()
                    .verdict(
                            title,
                            "✗",
                            verdict.verdict().word() + "   "
                                    + verdict.verdict().reasons().stream()
                                            .findFirst()
                                            .flatMap(reason -> reason.lines().findFirst())
                                            .orElse(""));
        }
        return verdict;
    }

    private String figures(DrillVerdict verdict) {
        return verdict.coverage().size() + " classes, " + verdict.attempts().size() + " attempts, "
                + String.format(java.util.Locale.ROOT, "%,d", operationsSoFar()) + " ops   " + plan.recipe();
    }

    /** Ends the attempt that runs, if any, as interrupted, so that it can be judged. */
    void interrupt() {
        Optional<Attempt> running;
        synchronized (this) {
            interrupted = true;
            running = current;
            current = Optional.empty();
            // The thread of the attempt may never come to hand it over.
            running.flatMap(Attempt::cluster).ifPresent(made -> cluster = Optional.of(made));
        }
        running.ifPresent(Attempt::interrupt);
    }

    @Override
    public void close() {
        discardCluster();
    }

    Path newMemberDirectory(String incarnation) throws IOException {
        return Files.createDirectories(session.prepared().work().resolve("logs").resolve(incarnation));
    }

    EtcdCluster newCluster(ClusterRecipe clusterRecipe, Deployment clusterDeployment, Set<Capability> capabilities)
            throws IOException {
        String incarnation = session.nextIncarnation();
        Path logs = newMemberDirectory(incarnation);
        return EtcdCluster.create(
                session.runtime(),
                incarnation,
                clusterRecipe,
                clusterDeployment,
                session.prepared().distribution(clusterRecipe.etcd().version()),
                capabilities,
                member -> logs.resolve(member + ".log"),
                this::memberExited);
    }

    /** A cluster may outlive the attempt that made it: an exit is told to the attempt that runs now, or to the next one. */
    private void memberExited(String member, boolean expected, int exitCode) {
        synchronized (this) {
            Consumer<Attempt> exit = attempt -> attempt.observe(
                    new Observation.MemberExit(attempt.clock().elapsed(), member, expected, OptionalInt.of(exitCode)));
            if (current.isPresent()) {
                exit.accept(current.get());
            } else if (!expected) {
                exitsBetweenAttempts.add(exit);
            }
        }
    }

    /** How much of each member's log was copied into the record so far. */
    Map<Path, Long> copiedLogs() {
        return copiedLogs;
    }

    /** What an attempt does. */
    @FunctionalInterface
    public interface Body {
        void run(Attempt attempt) throws InterruptedException, IOException;
    }
}
