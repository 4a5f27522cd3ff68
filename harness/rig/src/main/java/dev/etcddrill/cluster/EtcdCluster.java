package dev.etcddrill.cluster;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.etcddrill.client.ClientCredentials;
import dev.etcddrill.client.MemberClient;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A cluster of real members from one deployment. Owns its hosts: closing it ends every process and removes every host.
 */
public final class EtcdCluster implements AutoCloseable {
    /**
     * A member that bootstraps asks every other one whether it is a cluster already. One that listens but does not serve
     * yet lets it wait for a second; one that does not listen yet, or serves, lets it go on at once. etcd gets from
     * listening to serving in some 60 ms (measured; docs/performance.md). Nobody waits for another member to be ready.
     */
    private static final Duration PAUSE_BETWEEN_FIRST_STARTS = Duration.ofMillis(100);

    /** Script of the deployment that is run once after the first start (design decision 17). */
    private static final String BOOTSTRAP_COMPLETE = "/usr/local/bin/etcd-bootstrap-complete.sh";

    private static final String REPLACE_MEMBER = "/usr/local/bin/etcd-replace-member.sh";

    /** The script itself waits for half a minute where etcd does not take the member in yet. */
    private static final Duration REPLACE_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration SCRIPT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(1);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(25);
    private static final int LOG_LINES = 8;
    private static final String NO_VOTE = "";
    private static final String PROBE_KEY = "etcd-drill/ready";

    private final String incarnation;
    private final ClusterRecipe recipe;
    private final Deployment deployment;
    private final ClientCredentials credentials;
    private final List<Member> members;

    private EtcdCluster(
            String incarnation,
            ClusterRecipe recipe,
            Deployment deployment,
            ClientCredentials credentials,
            List<Member> members) {
        this.incarnation = incarnation;
        this.recipe = recipe;
        this.deployment = deployment;
        this.credentials = credentials;
        this.members = List.copyOf(members);
    }

    /**
     * Makes the hosts of a cluster; starts nothing.
     *
     * @param incarnation a name that is unique in the run's runtime
     * @param logs where each member's log goes
     * @throws ClusterException where a host cannot be made; those that were made are removed
     */
    public static EtcdCluster create(
            ClusterRuntime runtime,
            String incarnation,
            ClusterRecipe recipe,
            Deployment deployment,
            Distribution distribution,
            Set<Capability> capabilities,
            Function<String, Path> logs,
            Member.ExitListener exits) {
        requireNonNull(incarnation, "incarnation");
        List<Member> members = new ArrayList<>();
        try {
            for (MemberRecipe member : recipe.members()) {
                MemberHost host =
                        runtime.createHost(recipe, member, deployment, distribution, incarnation, capabilities);
                members.add(new Member(
                        member.name(),
                        member.address().toString(),
                        host,
                        logs.apply(member.name()),
                        exits,
                        ServiceUnit.of(deployment, member.name())));
            }
        } catch (RuntimeException e) {
            members.forEach(member -> member.host().close());
            throw e;
        }
        return new EtcdCluster(incarnation, recipe, deployment, apiServerOf(deployment), members);
    }

    /** Clients come as kube-apiserver does, with its certificate. */
    private static ClientCredentials apiServerOf(Deployment deployment) {
        return ClientCredentials.ofPem(
                controlPlaneFile(deployment, "etcd/ca.crt"),
                controlPlaneFile(deployment, "apiserver-etcd-client.crt"),
                controlPlaneFile(deployment, "apiserver-etcd-client.key"));
    }

    private static byte[] controlPlaneFile(Deployment deployment, String name) {
        return deployment
                .requireFile(Deployment.CONTROL_PLANE, "/etc/kubernetes/pki/" + name)
                .content()
                .toByteArray();
    }

    /** The same members under another name, once they were restored from a snapshot; this one keeps owning the hosts. */
    public EtcdCluster reincarnated(String other) {
        // What they lost before belonged to the cluster that is gone.
        members.forEach(member -> member.dataInDoubt(false));
        return new EtcdCluster(other, recipe, deployment, credentials, members);
    }

    /** Name of this cluster in histories. */
    public String incarnation() {
        return incarnation;
    }

    /** The recipe that it was rendered from. */
    public ClusterRecipe recipe() {
        return recipe;
    }

    /** The files that it runs on. */
    public Deployment deployment() {
        return deployment;
    }

    /** Its members in the recipe's order. */
    public List<Member> members() {
        return members;
    }

    /** The member of a name. */
    public Member member(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the cluster has no member " + name + ", only "
                        + members.stream().map(Member::name).collect(joining(", "))));
    }

    /** A new connection to a member, as kube-apiserver has one. */
    public MemberClient connect(Member member) {
        return MemberClient.connect(member.name(), member.host().clientEndpoint(), credentials);
    }

    /**
     * Starts every member that does not run, in parallel (a tenth of a second apart, see
     * {@link #PAUSE_BETWEEN_FIRST_STARTS}), and waits until each answers a linearizable read.
     *
     * @return how long that took
     * @throws ClusterNotReadyException where a member ends while starting, at once and with its own last log lines, or
     *     where the time is up
     */
    public Duration start(Duration patience) {
        return start(patience, PAUSE_BETWEEN_FIRST_STARTS);
    }

    /**
     * As {@link #start(Duration)}, with a pause between one member and the next, as the runbook says for members that
     * have data: with etcd's initial corruption check those that start at the same moment wait for each other's hash
     * until the request times out.
     */
    public Duration start(Duration patience, Duration pauseBetweenMembers) {
        long started = System.nanoTime();
        for (Member member : members) {
            if (!member.running()) {
                member.start();
            }
            if (!pauseBetweenMembers.isZero() && !pause(pauseBetweenMembers)) {
                throw new ClusterNotReadyException("interrupted while starting the members");
            }
        }
        awaitLinearizableReads(patience);
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /**
     * Waits until every member answers a linearizable read, each over a channel of its own.
     *
     * @throws ClusterNotReadyException as {@link #start(Duration)}
     */
    private void awaitLinearizableReads(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        Map<String, String> last = new ConcurrentHashMap<>();
        Map<String, String> dead = new ConcurrentHashMap<>();
        CountDownLatch ready = new CountDownLatch(members.size());
        ExecutorService threads = Executors.newFixedThreadPool(members.size());
        try {
            for (Member member : members) {
                threads.execute(() -> {
                    awaitRead(member, end, last, dead);
                    ready.countDown();
                });
            }
            while (!ready.await(PROBE_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!dead.isEmpty()) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterNotReadyException("interrupted while waiting for the cluster");
        } finally {
            threads.shutdownNow();
        }
        if (!dead.isEmpty()) {
            throw new ClusterNotReadyException(dead.values().stream().sorted().collect(joining("\n")));
        }
        List<Member> late = members.stream()
                .filter(member -> last.containsKey(member.name()))
                .toList();
        if (!late.isEmpty()) {
            throw new ClusterNotReadyException(late.stream()
                    .map(member -> "member " + member.name() + " answered no linearizable read within "
                            + patience.toSeconds() + " s: " + last.get(member.name()) + ". Its last log lines:\n"
                            + member.lastLogLines(LOG_LINES))
                    .collect(joining("\n")));
        }
    }

    private void awaitRead(Member member, long end, Map<String, String> last, Map<String, String> dead) {
        last.put(member.name(), "it was not asked yet");
        while (System.nanoTime() < end && dead.isEmpty()) {
            Optional<Integer> exit = member.exitCode();
            if (exit.isPresent()) {
                dead.put(
                        member.name(),
                        "member " + member.name() + " ended with exit code " + exit.get()
                                + " while it was starting. Its last log lines:\n" + member.lastLogLines(LOG_LINES));
                return;
            }
            // A fresh channel for each try: gRPC's back-off must not be measured as the member's slowness.
            try (MemberClient client = connect(member)) {
                Outcome outcome =
                        client.send(new Request.Get(PROBE_KEY, Request.Consistency.LINEARIZABLE), PROBE_DEADLINE);
                if (outcome instanceof Outcome.Ok) {
                    last.remove(member.name());
                    return;
                }
                last.put(member.name(), outcome instanceof Outcome.Failed failed ? failed.error() : "unknown");
            }
            if (!pause(PROBE_PAUSE)) {
                return;
            }
        }
    }

    private static boolean pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Runs the deployment's script that changes what is right only for the first start, as the runbook says.
     *
     * @throws ClusterException where it fails on a member
     */
    public void completeBootstrap() {
        for (Member member : members) {
            CommandOutput output = member.run(SCRIPT_TIMEOUT, BOOTSTRAP_COMPLETE);
            if (output.exitCode() != 0) {
                throw new ClusterException(BOOTSTRAP_COMPLETE + " failed on member " + member.name()
                        + " with exit code " + output.exitCode() + ": " + output.lastLines(LOG_LINES));
            }
        }
    }

    /** What a member stored on its host. */
    public MemberData dataOf(Member member) {
        return new MemberData(member, recipe.etcd());
    }

    /**
     * Takes a member whose data was destroyed or replaced out of the cluster, as the runbook says; does nothing with one
     * that has its data. A majority must be at work.
     *
     * @throws ClusterException where that fails
     */
    public void removeLost(Member member) {
        if (!member.dataInDoubt()) {
            return;
        }
        member.kill();
        member.completeStop();
        replace(member, "remove");
    }

    /**
     * Puts a member that {@link #removeLost(Member)} took out into the cluster again, without data, and starts it; one that
     * has its data is started, where it does not run.
     *
     * @throws ClusterException where that fails
     */
    public void addLost(Member member) {
        if (!member.dataInDoubt()) {
            if (!member.running()) {
                member.start();
            }
            return;
        }
        replace(member, "add");
        member.start();
        member.dataInDoubt(false);
    }

    private static void replace(Member member, String step) {
        CommandOutput output = member.run(REPLACE_TIMEOUT, REPLACE_MEMBER, step);
        if (output.exitCode() != 0) {
            throw new ClusterException(REPLACE_MEMBER + " " + step + " failed on member " + member.name()
                    + " with exit code " + output.exitCode() + ": " + output.lastLines(LOG_LINES));
        }
    }

    /** The member that a majority of the answering members call their leader; empty where there is none. */
    public Optional<String> leader() {
        Map<String, String> namesById = new ConcurrentHashMap<>();
        List<String> votes = new ArrayList<>();
        for (Member member : members) {
            if (!member.running()) {
                continue;
            }
            try (MemberClient client = connect(member)) {
                MemberClient.Status status = client.status(PROBE_DEADLINE);
                namesById.put(status.header().memberId(), member.name());
                votes.add(status.leaderId().orElse(NO_VOTE));
            } catch (StatusRuntimeException e) {
                votes.add(NO_VOTE);
            }
        }
        return votes.stream()
                .filter(id -> !id.equals(NO_VOTE))
                .filter(id -> votes.stream().filter(id::equals).count() * 2 > members.size())
                .findFirst()
                .map(id -> namesById.get(id));
    }

    /** Ends every process at once and removes every host; goes on where one of them fails, and tells it at the end. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (Member member : members) {
            try {
                member.kill();
            } catch (RuntimeException e) {
                failure = keep(failure, e);
            }
        }
        for (Member member : members) {
            try {
                member.host().close();
            } catch (RuntimeException e) {
                failure = keep(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException keep(RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
