package dev.etcddrill.fault;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.RevisionRefusal;
import dev.etcddrill.workload.Recorder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Measures how a cluster comes back, over fresh channels for every try: gRPC's back-off grows while a member is away and
 * would be measured as the cluster's slowness.
 */
public final class RecoveryProbe {
    private static final Duration DEADLINE = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final EtcdCluster cluster;
    private final Recorder recorder;
    private final AttemptClock clock;
    private final String keyPrefix;

    public RecoveryProbe(EtcdCluster cluster, Recorder recorder, AttemptClock clock, String keyPrefix) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.recorder = requireNonNull(recorder, "recorder");
        this.clock = requireNonNull(clock, "clock");
        this.keyPrefix = requireNonNull(keyPrefix, "keyPrefix");
    }

    /**
     * Waits for a committed write, a linearizable read on every member, and equal hashes on all members at one revision.
     *
     * @param fault id of the fault that was lifted
     * @param lifted when the lifting began
     * @param patience after which what has not come is left empty
     */
    public Observation.Recovery measure(String fault, Duration lifted, Duration patience) {
        Duration end = lifted.plus(patience);
        AtomicReference<Duration> firstWrite = new AtomicReference<>();
        AtomicReference<Duration> equalState = new AtomicReference<>();
        AtomicReference<String> last = new AtomicReference<>("nothing answered");
        AtomicLong target = new AtomicLong();
        Map<String, Duration> reads = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(cluster.members().size() + 1);
        try {
            for (Member member : cluster.members()) {
                threads.execute(() -> {
                    Request read = new Request.Get(keyPrefix + "recovery", Request.Consistency.LINEARIZABLE);
                    if (until(end, () -> succeeds(member, read, last))) {
                        reads.put(member.name(), clock.elapsed().minus(lifted));
                    }
                });
            }
            threads.execute(() -> {
                int[] turn = {0};
                boolean wrote = until(end, () -> {
                    Member member =
                            cluster.members().get(turn[0]++ % cluster.members().size());
                    return member.running()
                            && succeeds(
                                    member,
                                    new Request.Put(keyPrefix + "recovery", "recovery-" + fault + "-" + turn[0]),
                                    last);
                });
                if (!wrote) {
                    return;
                }
                firstWrite.set(clock.elapsed().minus(lifted));
                if (until(end, () -> equal(target, last))) {
                    equalState.set(clock.elapsed().minus(lifted));
                }
            });
            threads.shutdown();
            threads.awaitTermination(patience.plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
        boolean complete =
                equalState.get() != null && reads.size() == cluster.members().size();
        return new Observation.Recovery(
                clock.elapsed(),
                fault,
                Optional.ofNullable(firstWrite.get()),
                reads,
                Optional.ofNullable(equalState.get()),
                complete ? "" : last.get());
    }

    private boolean succeeds(Member member, Request request, AtomicReference<String> last) {
        try (MemberClient client = cluster.connect(member)) {
            // A process of its own for each try: an unknown outcome ends a process.
            Outcome outcome = recorder.execute(recorder.newProcess(), cluster.incarnation(), client, request, DEADLINE);
            if (outcome instanceof Outcome.Ok) {
                return true;
            }
            last.set(member.name() + ": "
                    + (outcome instanceof Outcome.Failed failed
                            ? failed.error()
                            : ((Outcome.Unknown) outcome).error()));
            return false;
        }
    }

    private boolean equal(AtomicLong target, AtomicReference<String> last) {
        Set<Long> hashes = new HashSet<>();
        Set<Long> compacted = new HashSet<>();
        for (Member member : cluster.members()) {
            try (MemberClient client = cluster.connect(member)) {
                if (target.get() == 0) {
                    target.set(client.status(DEADLINE).header().revision());
                }
                MemberClient.StateHash hash = client.hash(target.get(), DEADLINE);
                hashes.add(hash.hash());
                compacted.add(hash.compactRevision());
            } catch (StatusRuntimeException e) {
                last.set(member.name() + " has no hash at revision " + target.get() + ": "
                        + e.getStatus().getDescription());
                if (last.get().contains(RevisionRefusal.COMPACTED.error())) {
                    // It will never be there again.
                    target.set(0);
                }
                return false;
            }
        }
        if (hashes.size() > 1) {
            last.set("the members' hashes differ at revision " + target.get());
            if (compacted.size() > 1) {
                // Between two questions somebody compacted, and hashes cover what that left.
                target.set(0);
            }
        }
        return hashes.size() == 1;
    }

    private boolean until(Duration end, Try attempt) {
        while (clock.elapsed().compareTo(end) < 0) {
            if (attempt.succeeded()) {
                return true;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    @FunctionalInterface
    private interface Try {
        boolean succeeded();
    }
}
