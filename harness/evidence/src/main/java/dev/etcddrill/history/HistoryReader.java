package dev.etcddrill.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a history line by line, and checks that it can have been written by {@link HistoryWriter}. What is damaged is
 * left out: after a {@link DamagedRecordException} the reader can be asked on.
 */
public final class HistoryReader implements Closeable {
    private final LineSource lines;
    private final Path file;
    private final Optional<ClockReading> started;
    private final ObjectReader events = JsonShapes.mapper().readerFor(HistoryEvent.class);

    private final Map<Long, HistoryEvent.Invoked> inFlight = new HashMap<>();
    private final Map<Integer, HistoryEvent.Returned> lastReturn = new HashMap<>();
    private final Set<Integer> busy = new HashSet<>();
    private long lastId;
    private long invokedCount;
    private long returnedCount;
    private Optional<HistoryEvent.Closed> closed = Optional.empty();
    /** Good in itself, but there is damage before it to be told first. */
    private Optional<HistoryEvent> pending = Optional.empty();

    private HistoryReader(LineSource lines, Optional<ClockReading> started) {
        this.lines = lines;
        this.file = lines.file();
        this.started = started;
    }

    /**
     * Opens a history and reads its header.
     *
     * @throws DamagedRecordException if it is no history, or one of another version
     * @throws IOException if it cannot be read
     */
    public static HistoryReader open(Path file) throws IOException {
        LineSource lines = new LineSource(file);
        try {
            byte[] line = lines.next();
            Optional<ClockReading> started = line == null ? Optional.empty() : Optional.of(clocks(line, file));
            return new HistoryReader(lines, started);
        } catch (IOException e) {
            try (lines) {
                throw e;
            }
        }
    }

    /** Both clocks when the history was begun; empty where even the header is broken off. */
    public Optional<ClockReading> started() {
        return started;
    }

    /**
     * The next line, or empty at the end.
     *
     * @throws DamagedRecordException if the line cannot have been written where it is
     * @throws IOException if the file cannot be read
     */
    public Optional<HistoryEvent> next() throws IOException {
        if (pending.isPresent()) {
            Optional<HistoryEvent> event = pending;
            pending = Optional.empty();
            return event;
        }
        byte[] line = lines.next();
        if (line == null) {
            return Optional.empty();
        }
        HistoryEvent event = JsonLine.read(events, HistoryEvent.class, line, file, lines.number());
        if (closed.isPresent()) {
            throw damaged("expected nothing after the closing line, but found another line");
        }
        if (event instanceof HistoryEvent.Invoked invoked) {
            take(invoked);
        } else if (event instanceof HistoryEvent.Returned returned) {
            take(returned);
        } else if (event instanceof HistoryEvent.Closed end) {
            take(end);
        }
        return Optional.of(event);
    }

    /** Whether the closing line was read. */
    public boolean closed() {
        return closed.isPresent();
    }

    /** Whether the file ends in the middle of a line, as after a kill; known when {@link #next} gave its last. */
    public boolean brokenOff() {
        return lines.brokenOff() || started.isEmpty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private static ClockReading clocks(byte[] line, Path file) throws DamagedRecordException {
        JsonNode header = JsonLine.header(line, FileFormat.HISTORY, file);
        try {
            ClockReading clocks = JsonShapes.mapper().treeToValue(header.get("clocks"), ClockReading.class);
            if (clocks != null) {
                return clocks;
            }
        } catch (JsonProcessingException e) {
            throw new DamagedRecordException(file, 1, "expected both clocks at the start: " + e.getOriginalMessage());
        }
        throw new DamagedRecordException(file, 1, "expected both clocks at the start, but the header has none");
    }

    private void take(HistoryEvent.Invoked invoked) throws DamagedRecordException {
        if (invoked.id() <= lastId) {
            throw damaged("expected the operation with id " + (lastId + 1) + ", but found id " + invoked.id()
                    + ", which was there before: a line is doubled or out of order");
        }
        long expected = lastId + 1;
        lastId = invoked.id();
        invokedCount++;
        HistoryEvent.Returned last = lastReturn.get(invoked.process());
        if (!busy.add(invoked.process())) {
            throw damaged("process " + invoked.process() + " invokes operation " + invoked.id()
                    + ", but one of its operations did not return, or its outcome is unknown: a line is missing or out"
                    + " of order");
        }
        if (last != null && invoked.at().compareTo(last.at()) < 0) {
            throw damaged("process " + invoked.process() + " invokes operation " + invoked.id() + " at " + invoked.at()
                    + ", before its last one returned at " + last.at());
        }
        inFlight.put(invoked.id(), invoked);
        if (invoked.id() != expected) {
            pending = Optional.of(invoked);
            throw damaged("expected the operation with id " + expected + ", but found id " + invoked.id()
                    + ": lines are missing or out of order");
        }
    }

    private void take(HistoryEvent.Returned returned) throws DamagedRecordException {
        HistoryEvent.Invoked invoked = inFlight.remove(returned.id());
        if (invoked == null) {
            throw damaged("operation " + returned.id() + " returns here, but it is not in flight: it was not invoked"
                    + " before, or has returned already");
        }
        try {
            HistoryWriter.operation(invoked, Optional.of(returned));
        } catch (IllegalArgumentException e) {
            // It stays without a return: what it was told is not known.
            throw damaged(e.getMessage());
        }
        returnedCount++;
        if (!(returned.outcome() instanceof Outcome.Unknown)) {
            busy.remove(invoked.process());
            lastReturn.put(invoked.process(), returned);
        }
    }

    private void take(HistoryEvent.Closed end) throws DamagedRecordException {
        closed = Optional.of(end);
        if (end.invoked() != invokedCount || end.returned() != returnedCount) {
            throw damaged("the closing line counts " + end.invoked() + " invocations and " + end.returned()
                    + " returns, but there are " + invokedCount + " and " + returnedCount + " before it");
        }
    }

    private DamagedRecordException damaged(String damage) {
        return new DamagedRecordException(file, lines.number(), damage);
    }
}
