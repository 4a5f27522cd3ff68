package dev.etcddrill.workload;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.HistoryWriter;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends operations and records each one: its invocation before it is sent, its outcome after the client knows it. Safe
 * for use by several threads.
 */
public final class Recorder {
    private final HistoryWriter history;
    private final AttemptClock clock;
    private final AtomicInteger processes = new AtomicInteger();
    private final AtomicLong completed = new AtomicLong();
    private final List<OperationCounter> counters = new CopyOnWriteArrayList<>();

    public Recorder(HistoryWriter history, AttemptClock clock) {
        this.history = requireNonNull(history, "history");
        this.clock = requireNonNull(clock, "clock");
    }

    /** A process id that was not used before. */
    public int newProcess() {
        return processes.incrementAndGet();
    }

    /** How many operations have returned so far. */
    public long completed() {
        return completed.get();
    }

    /** Counts operations that are invoked from now on. */
    public OperationCounter counter() {
        OperationCounter counter = new OperationCounter(clock.elapsed());
        counters.add(counter);
        return counter;
    }

    /**
     * Sends one operation and records it.
     *
     * @param process must have no operation in flight and no unknown outcome behind it
     */
    public Outcome execute(int process, String incarnation, MemberClient client, Request request, Duration deadline) {
        Duration invoked = clock.elapsed();
        long id = history.invoked(process, incarnation, client.member(), request, invoked);
        Outcome outcome = client.send(request, deadline);
        Duration returned = clock.elapsed();
        history.returned(id, returned, outcome);
        completed.incrementAndGet();
        if (!counters.isEmpty()) {
            Operation operation = new Operation(
                    id, process, incarnation, client.member(), request, invoked, Optional.of(returned), outcome);
            counters.forEach(counter -> counter.add(operation));
        }
        return outcome;
    }
}
