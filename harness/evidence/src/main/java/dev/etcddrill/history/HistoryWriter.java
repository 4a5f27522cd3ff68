package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Records what clients do. They never wait for the disk: lines are queued without limit, and one thread writes them in
 * that order. A line is handed to the operating system within {@link #FLUSH_INTERVAL} and the time that writing takes,
 * so a killed JVM loses no more than that. Thread-safe.
 *
 * <p>Misuse is refused at once ({@link IllegalStateException}) instead of being found when the record is judged: a
 * process has one operation in flight at most, and is not used again after an unknown outcome.
 */
public final class HistoryWriter implements Closeable {
    /** How long a line waits for others to be written with it; issue 4 allows 100 ms at most. */
    static final Duration FLUSH_INTERVAL = Duration.ofMillis(20);

    private final Path file;
    private final AttemptClock clock;
    private final OutputStream out;
    private final ObjectWriter lines;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    /** Something was queued, or is wanted at once. */
    private final Condition work = lock.newCondition();
    /** Something was written, or cannot be. */
    private final Condition progress = lock.newCondition();

    // All of these are guarded by the lock.
    private List<HistoryEvent> queue = new ArrayList<>();
    private long queued;
    private long written;
    private boolean hurry;
    private boolean closed;
    private IOException failure;
    private long invokedCount;
    private long returnedCount;
    private final Map<Long, HistoryEvent.Invoked> inFlight = new HashMap<>();
    private final Map<Integer, ProcessState> processes = new HashMap<>();

    /** What a logical client may do next. */
    private enum ProcessState {
        READY,
        IN_FLIGHT,
        RETIRED
    }

    /**
     * Creates the file and writes its header.
     *
     * @param clock of the attempt
     * @throws java.nio.file.FileAlreadyExistsException if there is such a file: a record is never written over
     */
    public HistoryWriter(Path file, AttemptClock clock) throws IOException {
        this(file, create(file), clock);
    }

    HistoryWriter(Path file, OutputStream out, AttemptClock clock) throws IOException {
        this.file = requireNonNull(file, "file");
        this.clock = requireNonNull(clock, "clock");
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.lines = JsonShapes.mapper()
                .writerFor(HistoryEvent.class)
                .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
        ObjectNode header = JsonLine.header(FileFormat.HISTORY);
        header.set("clocks", JsonShapes.mapper().valueToTree(clock.reading()));
        this.out.write(JsonShapes.mapper().writeValueAsBytes(header));
        this.out.write('\n');
        this.out.flush();
        this.thread = new Thread(this::write, "history writer");
        thread.setDaemon(true);
        thread.start();
    }

    private static OutputStream create(Path file) throws IOException {
        Files.createFile(file);
        return new FileOutputStream(file.toFile(), true);
    }

    /**
     * Records that a client is about to send a request. The line is queued when this returns, so it is in the file
     * before that of anything that saw the request's effect.
     *
     * @param at from the attempt's clock, taken before the request is sent
     * @return the operation's id
     * @throws IllegalStateException if the process has an operation in flight or ended with an unknown outcome, or the
     *     history is closed
     * @throws UncheckedIOException if the history cannot be written any more: the drill has to end
     */
    public long invoked(int process, String incarnation, String member, Request request, Duration at) {
        lock.lock();
        try {
            requireOpen();
            ProcessState state = processes.getOrDefault(process, ProcessState.READY);
            if (state != ProcessState.READY) {
                throw new IllegalStateException("process " + process
                        + (state == ProcessState.IN_FLIGHT
                                ? " has an operation in flight; it must return first"
                                : " ended with an unknown outcome; the client must go on as a new process"));
            }
            HistoryEvent.Invoked event =
                    new HistoryEvent.Invoked(invokedCount + 1, at, process, incarnation, member, request);
            invokedCount++;
            inFlight.put(event.id(), event);
            processes.put(process, ProcessState.IN_FLIGHT);
            enqueue(event);
            return event.id();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records that a client got its answer, or gave up.
     *
     * @param id that {@link #invoked} gave
     * @param at from the attempt's clock, taken after the answer arrived
     * @throws IllegalStateException if the operation is not in flight, or the history is closed
     * @throws IllegalArgumentException if the outcome cannot be that operation's (see {@link Operation})
     * @throws UncheckedIOException if the history cannot be written any more: the drill has to end
     */
    public void returned(long id, Duration at, Outcome outcome) {
        lock.lock();
        try {
            requireOpen();
            HistoryEvent.Invoked invoked = inFlight.get(id);
            if (invoked == null) {
                throw new IllegalStateException("operation " + id + " is not in flight");
            }
            HistoryEvent.Returned event = new HistoryEvent.Returned(id, at, outcome);
            operation(invoked, Optional.of(event));
            returnedCount++;
            inFlight.remove(id);
            processes.put(
                    invoked.process(), outcome instanceof Outcome.Unknown ? ProcessState.RETIRED : ProcessState.READY);
            enqueue(event);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything that was queued before is handed to the operating system.
     *
     * @throws IOException if it cannot be written
     */
    public void flush() throws IOException {
        lock.lock();
        try {
            long target = queued;
            hurry = true;
            work.signal();
            while (written < target && failure == null) {
                progress.awaitUninterruptibly();
            }
            if (failure != null) {
                throw cannotWrite();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what is queued and the closing line. Operations in flight stay without a return. Closing again does
     * nothing.
     *
     * @throws IOException if not all of it could be written; then there is no closing line
     */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            enqueue(new HistoryEvent.Closed(clock.reading(), invokedCount, returnedCount));
            closed = true;
        } finally {
            lock.unlock();
        }
        try (out) {
            flush();
        }
    }

    /** The operation that an invocation and its return make; unknown where there is none. */
    static Operation operation(HistoryEvent.Invoked invoked, Optional<HistoryEvent.Returned> returned) {
        return new Operation(
                invoked.id(),
                invoked.process(),
                invoked.incarnation(),
                invoked.member(),
                invoked.request(),
                invoked.at(),
                returned.map(HistoryEvent.Returned::at),
                returned.map(HistoryEvent.Returned::outcome)
                        .orElseGet(() -> new Outcome.Unknown("no return recorded")));
    }

    private void requireOpen() {
        if (failure != null) {
            throw new UncheckedIOException(cannotWrite());
        }
        if (closed) {
            throw new IllegalStateException("the history " + file + " is closed");
        }
    }

    private IOException cannotWrite() {
        return new IOException("the history " + file + " cannot be written: " + failure.getMessage(), failure);
    }

    private void enqueue(HistoryEvent event) {
        queue.add(event);
        queued++;
        if (queue.size() == 1) {
            work.signal();
        }
    }

    /** The writer's thread: ends after the closing line, or when the file cannot be written. */
    private void write() {
        boolean last = false;
        while (!last) {
            List<HistoryEvent> batch;
            lock.lock();
            try {
                while (queue.isEmpty()) {
                    work.await();
                }
                long left = FLUSH_INTERVAL.toNanos();
                while (!hurry && !closed && left > 0) {
                    left = work.awaitNanos(left);
                }
                hurry = false;
                last = closed;
                batch = queue;
                queue = new ArrayList<>();
            } catch (InterruptedException e) {
                fail(new InterruptedIOException("the writer's thread was interrupted"));
                return;
            } finally {
                lock.unlock();
            }
            try {
                for (HistoryEvent event : batch) {
                    lines.writeValue(out, event);
                    out.write('\n');
                }
                out.flush();
            } catch (IOException e) {
                fail(e);
                return;
            } catch (RuntimeException | Error e) {
                // Whatever it is: who waits for a flush must learn of it.
                fail(new IOException(e));
                return;
            }
            lock.lock();
            try {
                written += batch.size();
                progress.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void fail(IOException e) {
        lock.lock();
        try {
            failure = e;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
