package dev.etcddrill.drill;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterNotReadyException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultRecord;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.fault.RecoveryProbe;
import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.plan.PlanStep;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import dev.etcddrill.plan.Trigger;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.run.AttemptDirectory;
import dev.etcddrill.run.DrillDirectory;
import dev.etcddrill.workload.OperationCounter;
import dev.etcddrill.workload.Recorder;
import dev.etcddrill.workload.Workload;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One attempt of a drill: a cluster under recorded load, the probes beside it, and the faults that the drill injects. A
 * drill's body uses it; beginning, ending and judging are the {@link DrillExecution}'s.
 */
public final class Attempt {
    /** More than enough to meet every set of members of a cluster of nine. */
    private static final int MOST_DRAWS = 1000;

    private static final Duration FORMATION_PATIENCE = Duration.ofSeconds(30);
    private static final Duration SETTLING_PATIENCE = Duration.ofSeconds(20);
    /** For all that a member holds, or a large value: megabytes take their time. */
    private static final Duration STATE_DEADLINE = Duration.ofSeconds(20);

    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(2);
    private static final Duration TRIGGER_PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Mean pause of a client: about four hundred operations a second in all, which leaves the machine to the cluster. */
    private static final Duration CLIENT_PAUSE = Duration.ofMillis(18);

    private static final int SHARED_KEYS = 24;
    private static final String CONFIGURATION = "/etc/etcd/etcd.conf.yml";

    private final DrillExecution execution;
    private final Deployment deployment;
    private final AttemptPlan plan;
    private final Set<Capability> capabilities;
    private final AttemptDirectory record;
    private final AttemptClock clock;
    private final Recorder recorder;
    private final HostWitness host;
    private final LogFollower logs = new LogFollower();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Map<String, Observation.MemberStatus> lastStatuses = new ConcurrentHashMap<>();
    private final Map<String, StatusProbe> probes = new ConcurrentHashMap<>();
    private Optional<MetricsProbe> metrics = Optional.empty();
    private final List<EtcdCluster> restored = new ArrayList<>();
    private final long stolenBefore = HostWitness.stolenTicks();
    private boolean lost;
    private boolean formed;
    private boolean formationFailed;
    private boolean finalStatesAsked;
    private volatile Optional<EtcdCluster> cluster = Optional.empty();
    private volatile Optional<Workload> workload = Optional.empty();
    private Optional<FaultInjector> faults = Optional.empty();

    Attempt(
            DrillExecution execution,
            Deployment deployment,
            DrillDirectory directory,
            AttemptPlan plan,
            Set<Capability> capabilities)
            throws IOException {
        this.execution = execution;
        this.deployment = deployment;
        this.plan = plan;
        this.capabilities = Set.copyOf(capabilities);
        this.clock = AttemptClock.started(execution.session().clock(), System::nanoTime);
        this.record = directory.attempt(plan, clock);
        this.recorder = new Recorder(record.history(), clock);
        this.host = new HostWitness(
                clock, this::observe, execution.session().prepared().work());
    }

    Path path() {
        return record.path();
    }

    /** How many operations have returned so far. */
    public long operations() {
        return recorder.completed();
    }

    /** The plan. */
    public AttemptPlan plan() {
        return plan;
    }

    Optional<EtcdCluster> cluster() {
        return cluster;
    }

    /** The cluster that the attempt began with. */
    public EtcdCluster etcd() {
        return cluster.orElseThrow(() -> new IllegalStateException("the attempt has no cluster yet"));
    }

    /** The attempt's clock. */
    public AttemptClock clock() {
        return clock;
    }

    private long copied(Path log) {
        return execution.copiedLogs().getOrDefault(log, 0L);
    }

    private String keyPrefix() {
        return "/registry/drill/" + plan.number() + "/";
    }

    /** Makes or takes over a cluster, records its starting state, and puts load on it. */
    void begin(Optional<EtcdCluster> last) throws IOException, InterruptedException {
        if (last.isPresent()) {
            adopt(last.get());
        } else {
            cluster = Optional.of(execution.newCluster(execution.recipe(), deployment, capabilities));
            followLogs(etcd());
            try {
                form(etcd());
            } catch (ClusterNotReadyException e) {
                formationFailed = true;
                throw e;
            }
            formed = true;
        }
        EtcdCluster etcd = etcd();
        recordSettings(etcd);
        recordStates(etcd, "start");
        if (capabilities.contains(Capability.POWER_LOSS)) {
            writeOutDisks();
        }
        probes.put(etcd.incarnation(), new StatusProbe(etcd, clock, this::observe));
        metrics = Optional.of(new MetricsProbe(etcd, execution.session().clock(), this::metricsFile));
        faults = Optional.of(new FaultInjector(etcd, FaultRecord.of(record), FaultTypes.installed()));
        workload = Optional.of(Workload.start(etcd, recorder, workloadSettings(), plan.seed()));
        OperationCounter counter = recorder.counter();
        await(
                "every member acknowledged a few writes before anything was hurt",
                counter,
                counts -> etcd.members().stream()
                        .allMatch(member -> counts.of(member.name()).acknowledgedWrites() >= 10),
                Duration.ofSeconds(30));
    }

    private Path metricsFile(Member member) {
        try {
            return record.memberMetrics(member.name());
        } catch (IOException e) {
            throw new UncheckedIOException("the members' metrics cannot be recorded", e);
        }
    }

    /** Takes over the cluster of the attempt before. */
    void adopt(EtcdCluster last) {
        cluster = Optional.of(last);
        followLogs(last);
        observe(new Observation.Formation(
                clock.elapsed(), last.incarnation(), true, Duration.ZERO, "taken over from the attempt before"));
        formed = true;
    }

    private void followLogs(EtcdCluster etcd) {
        try {
            for (Member member : etcd.members()) {
                logs.follow(member.log(), record.memberLog(member.name()), copied(member.log()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the members' logs cannot be recorded", e);
        }
    }

    /** What the checks want to know of the configuration that the members really run with. */
    private void recordSettings(EtcdCluster etcd) throws IOException {
        for (Member member : etcd.members()) {
            Object configuration = new Load(LoadSettings.builder().build())
                    .loadFromString(new String(member.host().readFile(CONFIGURATION), StandardCharsets.UTF_8));
            for (String name : List.of("unsafe-no-fsync", "force-new-cluster", "election-timeout")) {
                Object value = configuration instanceof Map<?, ?> settings ? settings.get(name) : null;
                observe(new Observation.Setting(
                        clock.elapsed(), etcd.incarnation(), member.name(), name, Objects.toString(value, "false")));
            }
        }
    }

    private Workload.Settings workloadSettings() {
        // Half an election timeout: a client that waits longer for an answer would hide how long writes were
        // impossible.
        Duration deadline = execution.recipe().etcd().electionTimeout().dividedBy(2);
        return new Workload.Settings(plan.clients(), CLIENT_PAUSE, deadline, keyPrefix(), SHARED_KEYS, execution.mix());
    }

    /**
     * Starts a cluster that has never run, waits until it is ready, and completes its bootstrap as the runbook says.
     *
     * @throws ClusterNotReadyException where it does not become ready; that is recorded
     */
    public void form(EtcdCluster etcd) {
        try {
            Duration took = etcd.start(FORMATION_PATIENCE);
            observe(new Observation.Formation(clock.elapsed(), etcd.incarnation(), true, took, ""));
            etcd.completeBootstrap();
        } catch (ClusterNotReadyException e) {
            observe(new Observation.Formation(
                    clock.elapsed(), etcd.incarnation(), false, FORMATION_PATIENCE, e.getMessage()));
            throw e;
        }
    }

    /** Where this attempt's keys begin. */
    public String keys() {
        return keyPrefix();
    }

    /**
     * Sends one request to a member beside the load, and records it.
     *
     * @param lease life of a lease that a put is attached to; empty for none
     * @return whether it was acknowledged
     */
    public boolean send(Member member, Request request, Optional<Duration> lease) {
        try (MemberClient client = etcd().connect(member)) {
            MemberClient sender = lease.isPresent() ? client.withLease(lease.get(), STATE_DEADLINE) : client;
            // A process of its own: an unknown outcome ends a process.
            return recorder.execute(recorder.newProcess(), etcd().incarnation(), sender, request, STATE_DEADLINE)
                    instanceof Outcome.Ok;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** The member that leads now. */
    public Member leader() throws InterruptedException {
        long end = System.nanoTime() + SETTLING_PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<String> leader = etcd().leader();
            if (leader.isPresent()) {
                Member member = etcd().member(leader.get());
                if (recordedAsLeader(member)) {
                    return member;
                }
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
        throw new StepNotDoneException("no majority agreed on a leader within " + SETTLING_PATIENCE.toSeconds() + " s");
    }

    /**
     * Whether the last recorded status of a member says that it leads: the probe may not have seen a leader that was
     * elected a moment ago, and checks judge by what was recorded.
     */
    private boolean recordedAsLeader(Member member) {
        Observation.MemberStatus status = lastStatuses.get(etcd().incarnation() + "/" + member.name());
        return status != null
                && status.header().isPresent()
                && status.leaderId().equals(status.header().map(Header::memberId));
    }

    /** Whether a member of the attempt's cluster told its status since a moment, as recorded. */
    boolean answeredSince(Member member, Duration moment) {
        Observation.MemberStatus status = lastStatuses.get(etcd().incarnation() + "/" + member.name());
        return status != null && status.header().isPresent() && status.at().compareTo(moment) > 0;
    }

    /** Counts operations that are invoked from now on. */
    public OperationCounter counter() {
        return recorder.counter();
    }

    private static void await(
            String what, OperationCounter counter, Predicate<OperationCounter> enough, Duration patience)
            throws InterruptedException {
        if (!counter.await(enough, patience)) {
            throw new StepNotDoneException(
                    "expected that " + what + ", but that did not come within " + patience.toSeconds() + " s");
        }
    }

    /**
     * Has every member's disk written out, while nothing writes. What was written when the cluster was formed is on a real
     * cluster's disk, synced by etcd or not. Without this a cluster that never syncs loses even its membership, or its
     * members come back each in another state, and nobody is left who could be asked for lost writes.
     */
    private void writeOutDisks() throws IOException {
        for (Member member : etcd().members()) {
            member.host().writeOutDisk();
        }
        mark("every member's disk was written out");
    }

    /** Injects a fault of members; see {@link FaultInjector#inject(String, String, List, String)}. */
    public FaultInjector.ActiveFault inject(String id, String type, List<Member> members, String reason) {
        return injector().inject(id, type, members, reason);
    }

    /** The injector of the attempt's cluster. */
    public FaultInjector injector() {
        return faults.orElseThrow(() -> new IllegalStateException("the attempt has no cluster yet"));
    }

    /** Lifts a fault, measures how the cluster recovers, and waits until the hurt members answer again. */
    public void liftAndRecover(FaultInjector.ActiveFault fault) {
        liftAndRecover(fault, Duration.ZERO);
    }

    /** As {@link #liftAndRecover(FaultInjector.ActiveFault)}, with a pause between one member's start and the next. */
    public void liftAndRecover(FaultInjector.ActiveFault fault, Duration pauseBetweenMembers) {
        Duration lifted = fault.lift(pauseBetweenMembers);
        Duration bound = execution.plan().objectives().fullHealthAfterFault().value();
        observe(new RecoveryProbe(etcd(), recorder, clock, keyPrefix())
                .measure(fault.id(), lifted, bound.plus(Duration.ofSeconds(10))));
        fault.awaitGone();
    }

    /** Injects a fault, whose target is resolved now; see {@link FaultInjector}. */
    public FaultInjector.ActiveFault inject(PlannedFault fault, Random random) throws InterruptedException {
        List<String> members = etcd().members().stream().map(Member::name).toList();
        boolean certain = fault.target()
                .resolve(members, members.get(0), new Random(0))
                .equals(fault.target().resolve(members, members.get(1), new Random(0)));
        // Where nobody leads, a target that does not depend on it can be hit all the same.
        String leader = certain ? members.get(0) : leader().name();
        ResolvedTarget target = fault.target().resolve(members, leader, random);
        // Of members that are drawn, those that another fault has down already are not meant.
        for (int draw = 1; draw < MOST_DRAWS && !target.members().stream().allMatch(this::runs); draw++) {
            target = fault.target().resolve(members, leader, random);
        }
        return injector().inject(fault, target, certain ? "" : leader + " leads");
    }

    private boolean runs(String member) {
        return etcd().member(member).running();
    }

    /** Runs a plan to its end: every step after its trigger, then what is left is lifted, last in first out. */
    void run(FaultPlan faultPlan, Random random) throws InterruptedException {
        Deque<FaultInjector.ActiveFault> inForce = new ArrayDeque<>();
        for (PlanStep step : faultPlan.steps()) {
            await(step.trigger());
            if (step.action() == PlanStep.Action.INJECT) {
                inForce.push(inject(faultPlan.fault(step.fault()), random));
            } else {
                FaultInjector.ActiveFault fault = inForce.stream()
                        .filter(active -> active.id().equals(step.fault()))
                        .findFirst()
                        .orElseThrow();
                inForce.remove(fault);
                liftAndRecover(fault, inForce.isEmpty());
            }
        }
        while (!inForce.isEmpty()) {
            FaultInjector.ActiveFault last = inForce.pop();
            liftAndRecover(last, inForce.isEmpty());
        }
    }

    private void liftAndRecover(FaultInjector.ActiveFault fault, boolean last) {
        if (last) {
            liftAndRecover(fault);
        } else {
            // How the cluster recovers is told when nothing hurts it any more.
            fault.lift();
            fault.awaitGone();
        }
    }

    private void await(Trigger trigger) throws InterruptedException {
        if (trigger instanceof Trigger.AcknowledgedWrites writes) {
            OperationCounter counter = recorder.counter();
            await(
                    writes.count() + " writes were acknowledged",
                    counter,
                    counts -> etcd().members().stream()
                                    .mapToLong(
                                            member -> counts.of(member.name()).acknowledgedWrites())
                                    .sum()
                            >= writes.count(),
                    TRIGGER_PATIENCE);
        } else {
            TimeUnit.NANOSECONDS.sleep(((Trigger.Elapsed) trigger).time().toNanos());
        }
    }

    /** Notes something on the attempt's timeline. */
    public void mark(String text) {
        observe(new Observation.Mark(clock.elapsed(), text));
    }

    /** Records what a probe saw. */
    public void observe(Observation observation) {
        synchronized (ended) {
            if (ended.get()) {
                return;
            }
            try {
                record.observe(observation);
                if (observation instanceof Observation.MemberStatus status) {
                    lastStatuses.put(status.incarnation() + "/" + status.member(), status);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("an observation cannot be recorded", e);
            }
        }
    }

    /** Ends the load for good; a cluster that was lost for good needs none. */
    public void stopLoad() {
        workload.ifPresent(Workload::close);
        workload = Optional.empty();
    }

    /**
     * Makes another cluster in the same attempt, such as one that a snapshot is restored into. It is closed with the
     * attempt.
     */
    public EtcdCluster anotherCluster(ClusterRecipe recipe, Deployment other) throws IOException {
        EtcdCluster another = execution.newCluster(recipe, other, Set.of());
        restored.add(another);
        for (Member member : another.members()) {
            logs.follow(
                    member.log(), record.memberLog(another.incarnation() + "-" + member.name()), copied(member.log()));
        }
        return another;
    }

    /** Ends another cluster before the attempt ends, so that the next one can have its addresses. */
    public void endOf(EtcdCluster another) {
        Optional.ofNullable(probes.remove(another.incarnation())).ifPresent(StatusProbe::close);
        restored.remove(another);
        execution.remove(another);
    }

    /**
     * The same hosts as another cluster: its members were restored from a snapshot in place. From here on the old one is
     * lost for good and is not asked any more.
     */
    public EtcdCluster inPlaceOf(EtcdCluster lostForGood) {
        Optional.ofNullable(probes.remove(lostForGood.incarnation())).ifPresent(StatusProbe::close);
        faults.ifPresent(FaultInjector::abandon);
        lost = true;
        return lostForGood.reincarnated(execution.session().nextIncarnation());
    }

    /** Asks the members of another cluster for their status, too, from now to the end of the attempt. */
    public void watchStatus(EtcdCluster another) {
        probes.put(another.incarnation(), new StatusProbe(another, clock, this::observe));
    }

    /** The deployment of the same cluster on other addresses, with certificates for them. */
    public Deployment renderFor(ClusterRecipe recipe) {
        return execution.session().renderFor(execution.recipe(), recipe);
    }

    /** The deployment that the attempt's cluster runs on. */
    public Deployment deployment() {
        return deployment;
    }

    /** A few recorded writes and reads on each member of another cluster. */
    public void useBriefly(EtcdCluster another) throws InterruptedException {
        OperationCounter counter = recorder.counter();
        Workload load = Workload.start(another, recorder, workloadSettings(), plan.seed() + 1);
        try {
            await(
                    "every member of the restored cluster acknowledged a few writes",
                    counter,
                    counts -> another.members().stream()
                            .allMatch(member -> counts.of(member.name()).acknowledgedWrites() >= 10),
                    Duration.ofSeconds(30));
        } finally {
            load.close();
        }
    }

    /**
     * Records the state of every member of a cluster once they are equal, or as they are after a while. All are read
     * before one is recorded: a write whose outcome is unknown may take effect late, between the readings of two members,
     * and they would seem to disagree.
     */
    public void recordStates(EtcdCluster etcd, String moment) throws InterruptedException {
        long end = System.nanoTime() + SETTLING_PATIENCE.toNanos();
        List<Observation.MemberState> states;
        do {
            awaitEqualRevisions(etcd, end);
            states = readStates(etcd, moment);
        } while (System.nanoTime() < end
                && states.stream()
                                // A compaction makes no revision, so a member may have it to come.
                                .map(state -> List.of(state.header().revision(), state.compactRevision()))
                                .distinct()
                                .count()
                        > 1);
        states.forEach(this::observe);
    }

    private List<Observation.MemberState> readStates(EtcdCluster etcd, String moment) {
        List<Observation.MemberState> states = new ArrayList<>();
        for (Member member : etcd.members()) {
            try (MemberClient client = etcd.connect(member)) {
                MemberClient.Snapshot state = client.readAll(STATE_DEADLINE);
                MemberClient.StateHash hash = client.hash(state.header().revision(), STATE_DEADLINE);
                states.add(new Observation.MemberState(
                        clock.elapsed(),
                        etcd.incarnation(),
                        moment,
                        member.name(),
                        state.header(),
                        Optional.of(hash.hash()),
                        hash.compactRevision(),
                        state.keyValues()));
            } catch (StatusRuntimeException e) {
                throw new StepNotDoneException("the state of member " + member.name() + " cannot be read: "
                        + e.getStatus().getCode() + " " + e.getStatus().getDescription());
            }
        }
        return states;
    }

    private static void awaitEqualRevisions(EtcdCluster etcd, long end) throws InterruptedException {
        while (System.nanoTime() < end && !equalRevisions(etcd)) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private static boolean equalRevisions(EtcdCluster etcd) {
        List<Long> revisions = new ArrayList<>();
        for (Member member : etcd.members()) {
            try (MemberClient client = etcd.connect(member)) {
                revisions.add(client.status(PROBE_DEADLINE).header().revision());
            } catch (StatusRuntimeException e) {
                return false;
            }
        }
        return revisions.stream().distinct().count() == 1;
    }

    /** Ends an attempt whose every step was done: load stops, faults are undone, final states are recorded. */
    void complete() throws InterruptedException {
        stopLoad();
        faults.ifPresent(FaultInjector::close);
        recordFinalStates();
        metrics.ifPresent(MetricsProbe::takeLast);
        end(new AttemptEvidence.End(true, ""));
    }

    /** Whether the cluster that it began with did not become ready. */
    boolean formationFailed() {
        return formationFailed;
    }

    private void recordFinalStates() throws InterruptedException {
        if (finalStatesAsked) {
            return;
        }
        finalStatesAsked = true;
        if (formed && !lost && cluster.isPresent() && etcd().members().stream().allMatch(Member::running)) {
            recordStates(etcd(), "end");
        }
    }

    /** Ends an attempt whose next step the cluster's state made impossible. */
    void giveUp(String reason) {
        try {
            workload.ifPresent(Workload::close);
            faults.ifPresent(FaultInjector::close);
            recordFinalStates();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // The first reason is the one to tell; that the states cannot be read either is part of the same trouble.
            mark("after that: " + e.getMessage());
        }
        end(new AttemptEvidence.End(false, reason));
    }

    /** Ends an attempt because of a mistake of ours; the stack trace goes to a file beside the evidence. */
    void giveUpUnexpectedly(Exception mistake) {
        if (ended.get()) {
            // The run was interrupted and its record is closed: that the rest fails is no mistake.
            return;
        }
        StringWriter trace = new StringWriter();
        mistake.printStackTrace(new PrintWriter(trace));
        try {
            Files.writeString(record.path().resolve("harness-error.txt"), trace.toString());
        } catch (IOException e) {
            mistake.addSuppressed(e);
        }
        giveUp("etcd-drill itself failed: " + mistake + " (stack trace in harness-error.txt)");
    }

    /**
     * Ends an attempt from the thread that closes the session, while its own thread may still be in a step. Waits for
     * nothing: an interrupted run has few seconds left.
     */
    void interrupt() {
        workload.ifPresent(Workload::stop);
        closeRecord(new AttemptEvidence.End(false, "the run was interrupted"));
    }

    private void end(AttemptEvidence.End end) {
        long stolen = HostWitness.stolenTicks() - stolenBefore;
        mark("the hypervisor gave " + stolen * 10 + " ms of processor time to others during this attempt");
        host.close();
        metrics.ifPresent(MetricsProbe::close);
        probes.values().forEach(StatusProbe::close);
        try {
            closeRecord(end);
        } finally {
            restored.forEach(execution::remove);
        }
    }

    private void closeRecord(AttemptEvidence.End end) {
        synchronized (ended) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            execution.copiedLogs().putAll(logs.closeAndTell());
            try {
                record.end(end);
                record.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the attempt's record cannot be closed", e);
            }
        }
    }
}
