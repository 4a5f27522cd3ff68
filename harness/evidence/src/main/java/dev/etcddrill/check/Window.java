package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import java.time.Duration;

/**
 * The time in which a fault was certainly in force: from when it was seen until its undoing began.
 *
 * @param injected from here on it may have been in force
 */
record Window(Duration injected, Duration seen, Duration lifted) {
    /** Of a fault that was injected, seen and lifted. */
    static Window of(FaultLife fault) {
        return new Window(
                fault.at(FaultEvent.Phase.INJECTED).orElseThrow(),
                fault.at(FaultEvent.Phase.SEEN).orElseThrow(),
                fault.at(FaultEvent.Phase.LIFTED).orElseThrow());
    }

    /** Asked in this time. */
    boolean askedIn(Operation operation) {
        return operation.invoked().compareTo(seen) > 0 && operation.invoked().compareTo(lifted) < 0;
    }

    /** Asked and over in this time, well or not. */
    boolean overIn(Operation operation) {
        return askedIn(operation)
                && operation.returned().isPresent()
                && operation.returned().get().compareTo(lifted) < 0;
    }

    /** Asked and answered in this time. */
    boolean answeredIn(Operation operation) {
        return overIn(operation) && operation.outcome() instanceof Outcome.Ok;
    }
}
