package dev.etcddrill.fault;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.history.LedgerEntry;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Injects faults into one cluster and undoes them, last in first out; closing it undoes what is still in force. Every
 * step is on disk before the next is taken.
 */
public final class FaultInjector implements AutoCloseable {
    /** Far above what any fault was ever seen to need before it shows; a fault that does not show is no evidence. */
    private static final Duration SEEN_PATIENCE = Duration.ofSeconds(15);

    private static final Duration GONE_PATIENCE = Duration.ofSeconds(60);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(25);
    private static final int LOG_LINES = 8;

    private final EtcdCluster cluster;
    private final FaultRecord record;
    private final FaultTypes types;
    private final Undoer undoer;
    private final Deque<ActiveFault> active = new ArrayDeque<>();

    public FaultInjector(EtcdCluster cluster, FaultRecord record, FaultTypes types) {
        this.cluster = requireNonNull(cluster, "cluster");
        this.record = requireNonNull(record, "record");
        this.types = requireNonNull(types, "types");
        this.undoer = new Undoer(cluster);
    }

    /** As {@link #inject(PlannedFault, ResolvedTarget, String)}, for a fault of members that has no parameters. */
    public ActiveFault inject(String id, String type, List<Member> members, String reason) {
        List<String> names = members.stream().map(Member::name).toList();
        return inject(
                new PlannedFault(id, type, new FaultTarget.Members(names), Map.of()),
                ResolvedTarget.ofMembers(names),
                reason);
    }

    /**
     * Hurts all that the target names, at the same time, and returns when the fault is seen to be in force.
     *
     * @param planned whose id is unique within the attempt; parameters that it does not give have their fallback
     * @param reason why these, for the record, such as who leads
     * @throws ClusterException where it cannot be done, or is not seen to take effect; what was done is undone
     */
    public ActiveFault inject(PlannedFault planned, ResolvedTarget target, String reason) {
        FaultType type = types.require(planned.type());
        PlannedFault fault = type.description().complete(planned);
        Injection injection = type.prepare(fault, target, cluster);
        ActiveFault active = new ActiveFault(fault, target, injection);
        for (ActiveFault other : this.active) {
            if (!Collections.disjoint(other.steps, active.steps)) {
                throw new ClusterException(
                        "the fault " + fault.id() + " of " + fault.target() + " would hit what the fault " + other.id()
                                + " holds already, and lifting one would lift both");
            }
        }
        active.event(Phase.PLANNED, reason);
        active.steps.forEach(step -> ledger(step, LedgerEntry.State.PENDING, fault.id()));
        this.active.push(active);
        active.event(Phase.INJECTED, reason);
        try {
            injection.inject();
            active.event(Phase.SEEN, active.await(injection::seen, SEEN_PATIENCE, "was not seen to take effect"));
        } catch (RuntimeException e) {
            try {
                active.lift();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw new ClusterException(
                    "the fault " + fault.id() + " (" + fault.type() + " of " + fault.target()
                            + ") could not be injected: " + e.getMessage(),
                    e);
        }
        return active;
    }

    /**
     * Gives the members of a cluster up that was lost for good: a restore puts another one in its place, so none of them is
     * started or replaced any more, and the ledger says so. What else is in force, such as a cut link, is undone.
     *
     * @throws ClusterException where that could not be undone
     */
    public void abandon() {
        endAll(ActiveFault::abandon);
    }

    private void ledger(UndoStep step, LedgerEntry.State state, String detail) {
        try {
            record.ledger(new LedgerEntry(record.clock().elapsed(), step.step(), step.target(), state, detail));
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
        endAll(ActiveFault::lift);
    }

    private void endAll(Consumer<ActiveFault> end) {
        RuntimeException failure = null;
        while (!active.isEmpty()) {
            ActiveFault fault = active.peek();
            try {
                end.accept(fault);
            } catch (RuntimeException e) {
                failure = joined(failure, e);
            }
            active.remove(fault);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException joined(RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    /** A fault in force. */
    public final class ActiveFault {
        private final PlannedFault fault;
        private final ResolvedTarget target;
        private final Injection injection;
        private final List<UndoStep> steps;
        private final List<String> links;

        private ActiveFault(PlannedFault fault, ResolvedTarget target, Injection injection) {
            this.fault = fault;
            this.target = target;
            this.injection = injection;
            this.steps = List.copyOf(injection.undoSteps());
            this.links = steps.stream()
                    .flatMap(step -> linkOf(step).stream())
                    .distinct()
                    .sorted()
                    .map(Link::toString)
                    .toList();
        }

        private static Optional<Link> linkOf(UndoStep step) {
            if (step instanceof UndoStep.MendLink mend) {
                return Optional.of(mend.link());
            }
            return step instanceof UndoStep.RemoveToxic toxic ? Optional.of(toxic.link()) : Optional.empty();
        }

        /** Its id within the attempt. */
        public String id() {
            return fault.id();
        }

        /** The members that were named as targets, themselves or by their links. */
        public List<String> hurt() {
            return fault.target().subjects(target);
        }

        private void event(Phase phase, String detail) {
            try {
                record.fault(new FaultEvent(
                        record.clock().elapsed(),
                        fault.id(),
                        fault.type(),
                        phase,
                        target.membersConcerned(),
                        links,
                        parameters(),
                        detail));
            } catch (IOException e) {
                throw new UncheckedIOException("a fault event cannot be recorded", e);
            }
        }

        private Map<String, String> parameters() {
            Map<String, String> texts = new TreeMap<>();
            fault.parameters().forEach((name, value) -> texts.put(name, value.toString()));
            return texts;
        }

        /**
         * Undoes it: starts killed members again, all at once, removes rules and toxics. What was lost stays lost.
         *
         * @return when the undoing began, or the last lost member was put in again and started, on the attempt's clock:
         *     recovery is measured from there
         * @throws ClusterException where a step could not be done; the others were
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
            if (!active.remove(this) || steps.isEmpty()) {
                return record.clock().elapsed();
            }
            Duration lifted = record.clock().elapsed();
            RuntimeException failure = null;
            try {
                event(
                        Phase.LIFTED,
                        "undone by: "
                                + steps.stream().map(UndoStep::step).distinct().collect(joining(", ")));
            } catch (RuntimeException e) {
                // Also where the event cannot be written: it is undone all the same.
                failure = e;
            }
            for (int last = steps.size() - 1; last >= 0; last--) {
                UndoStep step = steps.get(last);
                try {
                    undo(step);
                    if (step instanceof UndoStep.AddMember) {
                        lifted = record.clock().elapsed();
                    }
                } catch (RuntimeException e) {
                    // Also where the ledger cannot be written: the rest is undone all the same.
                    failure = joined(failure, e);
                }
                if (!pauseBetweenMembers.isZero() && step instanceof UndoStep.StartMember && last > 0) {
                    pause(pauseBetweenMembers);
                }
            }
            if (failure != null) {
                throw failure;
            }
            return lifted;
        }

        private void undo(UndoStep step) {
            try {
                undoer.undo(step);
                ledger(step, LedgerEntry.State.DONE, id());
            } catch (RuntimeException e) {
                ledger(step, LedgerEntry.State.FAILED, id() + ": " + e.getMessage());
                throw new ClusterException(
                        "the fault " + id() + " could not be undone: " + step.step() + " of " + step.target() + ": "
                                + e.getMessage(),
                        e);
            }
        }

        private void abandon() {
            RuntimeException failure = null;
            for (int last = steps.size() - 1; last >= 0; last--) {
                UndoStep step = steps.get(last);
                if (step instanceof UndoStep.StartMember
                        || step instanceof UndoStep.RemoveMember
                        || step instanceof UndoStep.AddMember) {
                    ledger(
                            step,
                            LedgerEntry.State.DONE,
                            id() + ": nothing left to undo, the cluster was restored anew");
                    continue;
                }
                try {
                    undo(step);
                } catch (RuntimeException e) {
                    // Also where the ledger cannot be written: the rest is undone all the same.
                    failure = joined(failure, e);
                }
            }
            if (failure != null) {
                throw failure;
            }
        }

        /**
         * Waits until nothing of the fault is left (a killed member answers again, a cut link carries packets), and
         * records that.
         *
         * @throws ClusterException where that does not come within a minute, or a member ends
         */
        public void awaitGone() {
            if (!steps.isEmpty()) {
                event(Phase.GONE, await(injection::gone, GONE_PATIENCE, "was lifted, but something of it is left"));
            }
        }

        private String await(Supplier<Optional<String>> sight, Duration patience, String trouble) {
            long end = System.nanoTime() + patience.toNanos();
            while (true) {
                Optional<String> seen = sight.get();
                if (seen.isPresent()) {
                    return seen.get();
                }
                if (System.nanoTime() > end) {
                    throw new ClusterException("the fault " + id() + " " + trouble + " within " + patience.toSeconds()
                            + " s" + lastLogLines());
                }
                pause(PROBE_PAUSE);
            }
        }

        private String lastLogLines() {
            return target.members().stream()
                    .map(cluster::member)
                    .map(member -> ". Last log lines of " + member.name() + ":\n" + member.lastLogLines(LOG_LINES))
                    .collect(joining("\n"));
        }

        private void pause(Duration time) {
            try {
                TimeUnit.NANOSECONDS.sleep(time.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while the fault " + id() + " was injected or lifted", e);
            }
        }
    }
}
