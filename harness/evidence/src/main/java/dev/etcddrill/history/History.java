package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What could be read of a history.
 *
 * @param started both clocks when it was begun; empty where even the header is broken off or damaged
 * @param operations in order of invocation, without the damaged ones; one without a return has an unknown outcome
 * @param closed whether it was closed properly; where not, and there is no damage, the JVM was killed
 * @param brokenOff whether it ends in the middle of a line; that line is not in the operations
 * @param lastRecorded time of the last line, whichever kind; zero where there is none
 * @param damage what is wrong with it otherwise; at most {@link JsonLines#DAMAGE_LIMIT}, then reading ended
 */
public record History(
        Optional<ClockReading> started,
        List<Operation> operations,
        boolean closed,
        boolean brokenOff,
        Duration lastRecorded,
        List<DamagedRecordException> damage) {
    public History {
        requireNonNull(started, "started");
        operations = List.copyOf(operations);
        requireNonNull(lastRecorded, "lastRecorded");
        damage = List.copyOf(damage);
    }

    /**
     * Reads a history to its end.
     *
     * @throws IOException if it cannot be read at all; damage is told in the result
     */
    public static History read(Path file) throws IOException {
        List<DamagedRecordException> damage = new ArrayList<>();
        try (HistoryReader reader = HistoryReader.open(file)) {
            Map<Long, HistoryEvent.Invoked> inFlight = new HashMap<>();
            List<Operation> operations = new ArrayList<>();
            Duration last = Duration.ZERO;
            boolean ended = false;
            while (!ended && damage.size() < JsonLines.DAMAGE_LIMIT) {
                try {
                    Optional<HistoryEvent> next = reader.next();
                    ended = next.isEmpty();
                    if (next.isPresent()) {
                        HistoryEvent event = next.get();
                        if (event.at().compareTo(last) > 0) {
                            last = event.at();
                        }
                        if (event instanceof HistoryEvent.Invoked invoked) {
                            inFlight.put(invoked.id(), invoked);
                        } else if (event instanceof HistoryEvent.Returned returned) {
                            operations.add(
                                    HistoryWriter.operation(inFlight.remove(returned.id()), Optional.of(returned)));
                        }
                    }
                } catch (DamagedRecordException e) {
                    damage.add(e);
                }
            }
            for (HistoryEvent.Invoked invoked : inFlight.values()) {
                operations.add(HistoryWriter.operation(invoked, Optional.empty()));
            }
            // Clients read the clock before they queue for an id, so ids alone can be off by a moment.
            operations.sort(Comparator.comparing(Operation::invoked).thenComparing(Operation::id));
            return new History(reader.started(), operations, reader.closed(), reader.brokenOff(), last, damage);
        } catch (DamagedRecordException e) {
            return new History(Optional.empty(), List.of(), false, false, Duration.ZERO, List.of(e));
        }
    }
}
