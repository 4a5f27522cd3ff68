package dev.etcddrill.fault;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.history.LedgerEntry;
import dev.etcddrill.run.AttemptDirectory;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Injects faults into one cluster and undoes them, last in first out; closing it undoes what is still in force. Every
 * step is on disk before the next is taken.
 */
public final class FaultInjector implements AutoCloseable {
    /** etcd hands over leadership within one election timeout and then closes; far above what was ever seen. */
    private static final Duration TERMINATION_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration RESTART_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(1);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(25);

    private final EtcdCluster cluster;
    private final AttemptDirectory record;
    private final Deque<ActiveFault> active = new ArrayDeque<>();

    public FaultInjector(EtcdCluster cluster, AttemptDirectory record) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.record = requireNonNull(record, "record");
    }

    /**
     * Hurts members, all at once, and returns when the fault is seen to be in force.
     *
     * @param id unique within the attempt
     * @param reason why these members, for the record, such as who leads
     * @throws ClusterException where the fault does not take effect
     */
    public ActiveFault inject(String id, FaultKind kind, List<Member> members, String reason) {
        List<String> names = members.stream().map(Member::name).toList();
        event(id, kind, Phase.PLANNED, names, reason);
        ActiveFault fault = new ActiveFault(id, kind, members);
        if (kind != FaultKind.DATA_LOSS) {
            ledger("restart", names, LedgerEntry.State.PENDING, id);
        }
        active.push(fault);
        event(id, kind, Phase.INJECTED, names, reason);
        List<CompletableFuture<Void>> hits = new ArrayList<>();
        for (Member member : members) {
            hits.add(CompletableFuture.runAsync(() -> hit(kind, member), task -> new Thread(task, "fault").start()));
        }
        try {
            CompletableFuture.allOf(hits.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new ClusterException(
                    "the fault " + id + " (" + kind.id() + " of " + names + ") could not be injected: "
                            + e.getCause().getMessage(),
                    e.getCause());
        }
        List<String> seen = members.stream()
                .map(member ->
                        member.name() + " exited with " + member.exitCode().orElseThrow())
                .toList();
        event(id, kind, Phase.SEEN, names, String.join(", ", seen));
        return fault;
    }

    private static void hit(FaultKind kind, Member member) {
        switch (kind) {
            case KILL -> member.kill();
            case TERMINATE -> {
                member.terminate();
                member.awaitExit(TERMINATION_TIMEOUT);
            }
            case POWER_LOSS -> {
                member.kill();
                try {
                    member.host().loseUnsyncedData();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            case DATA_LOSS -> member.kill();
        }
    }

    /** Removes what a member stored. It must have ended, by a fault of the kind {@link FaultKind#DATA_LOSS}. */
    public void removeData(Member member) {
        if (member.running()) {
            throw new IllegalStateException("member " + member.name() + " runs; its data is not removed under it");
        }
        try {
            for (String directory : List.of(
                    cluster.recipe().etcd().walDirectory(),
                    cluster.recipe().etcd().dataDirectory())) {
                member.host().emptyDirectory(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the data of member " + member.name() + " cannot be removed", e);
        }
    }

    private void event(String id, FaultKind kind, Phase phase, List<String> members, String detail) {
        try {
            record.fault(new FaultEvent(record.clock().elapsed(), id, kind.id(), phase, members, detail));
        } catch (IOException e) {
            throw new UncheckedIOException("a fault event cannot be recorded", e);
        }
    }

    private void ledger(String step, List<String> members, LedgerEntry.State state, String detail) {
        try {
            record.ledger(new LedgerEntry(record.clock().elapsed(), step, String.join(",", members), state, detail));
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger cannot be written", e);
        }
    }

    /**
     * Undoes what is still in force, last in first out; goes on where one undo fails, and tells it at the end.
     *
     * @throws ClusterException where a fault could not be undone
     */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!active.isEmpty()) {
            ActiveFault fault = active.peek();
            try {
                fault.lift();
            } catch (RuntimeException e) {
                active.remove(fault);
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** A fault in force. */
    public final class ActiveFault {
        private final String id;
        private final FaultKind kind;
        private final List<Member> members;

        private ActiveFault(String id, FaultKind kind, List<Member> members) {
            this.id = id;
            this.kind = kind;
            this.members = List.copyOf(members);
        }

        /** Its id within the attempt. */
        public String id() {
            return id;
        }

        /**
         * Undoes it: starts the members again, all at once. What was lost stays lost.
         *
         * @return when the undoing began, on the attempt's clock: recovery is measured from there
         * @throws ClusterException where a member cannot be started
         */
        public Duration lift() {
            return lift(Duration.ZERO);
        }

        /**
         * As {@link #lift()}, with a pause between one member and the next, as an operator starts them. It matters with
         * etcd's initial corruption check: members that start at the same moment wait for each other's hash until a
         * request times out, 5 s and two election timeouts for each of them (measured; docs/drills.md).
         */
        public Duration lift(Duration pauseBetweenMembers) {
            List<String> names = members.stream().map(Member::name).toList();
            active.remove(this);
            if (kind == FaultKind.DATA_LOSS) {
                return record.clock().elapsed();
            }
            Duration lifted = record.clock().elapsed();
            event(id, kind, Phase.LIFTED, names, "started again");
            for (Member member : members) {
                if (!member.running()) {
                    member.start();
                }
                if (!pauseBetweenMembers.isZero() && member != members.get(members.size() - 1)) {
                    pause(pauseBetweenMembers);
                }
            }
            ledger("restart", names, LedgerEntry.State.DONE, id);
            return lifted;
        }

        /**
         * Waits until every hurt member answers its status again, and records that the fault is gone.
         *
         * @throws ClusterException where one does not within a minute, or ends
         */
        public void awaitGone() {
            long end = System.nanoTime() + RESTART_TIMEOUT.toNanos();
            for (Member member : members) {
                while (!answers(member)) {
                    if (member.exitCode().isPresent()) {
                        throw new ClusterException("member " + member.name() + " ended with exit code "
                                + member.exitCode().get() + " after it was started again. Its last log lines:\n"
                                + member.lastLogLines(8));
                    }
                    if (System.nanoTime() > end) {
                        throw new ClusterException("member " + member.name() + " does not answer "
                                + RESTART_TIMEOUT.toSeconds()
                                + " s after it was started again. Its last log lines:\n" + member.lastLogLines(8));
                    }
                    pause(PROBE_PAUSE);
                }
            }
            event(id, kind, Phase.GONE, members.stream().map(Member::name).toList(), "every member answers again");
        }

        private void pause(Duration time) {
            try {
                TimeUnit.NANOSECONDS.sleep(time.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while lifting the fault " + id, e);
            }
        }

        private boolean answers(Member member) {
            try (MemberClient client = cluster.connect(member)) {
                client.status(PROBE_DEADLINE);
                return true;
            } catch (StatusRuntimeException e) {
                return false;
            }
        }
    }
}
