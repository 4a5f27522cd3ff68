package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The longest time without a completed write that a fault caused.
 *
 * <p>It begins with the injection, or with a write that still got through between the injection and the moment at which
 * the fault was seen in force: a leader serves on for a moment after it was told to end. It ends with the first
 * acknowledged write after that, of those that were asked after the injection.
 *
 * @param end when the write that ends it returned; empty where none came
 */
record WriteGap(Duration start, Optional<Operation> end) {
    /**
     * @param writes that could end it: acknowledged ones on members that the fault did not hurt
     * @param fault that was injected
     */
    static WriteGap of(FaultLife fault, Collection<Operation> writes) {
        Duration injected = fault.at(FaultEvent.Phase.INJECTED).orElseThrow();
        Duration seen = fault.at(FaultEvent.Phase.SEEN).orElse(injected);
        List<Operation> after = new ArrayList<>();
        for (Operation write : writes) {
            if (write.invoked().compareTo(injected) > 0) {
                after.add(write);
            }
        }
        after.sort(Comparator.comparing((Operation write) -> write.returned().orElseThrow())
                .thenComparing(Operation::id));
        WriteGap longest = new WriteGap(injected, after.stream().findFirst());
        for (int index = 0; index + 1 < after.size(); index++) {
            Duration start = after.get(index).returned().orElseThrow();
            if (start.compareTo(seen) > 0) {
                break;
            }
            WriteGap next = new WriteGap(start, Optional.of(after.get(index + 1)));
            if (next.length().orElseThrow().compareTo(longest.length().orElseThrow()) > 0) {
                longest = next;
            }
        }
        return longest;
    }

    /** How long it was; empty where it never ended. */
    Optional<Duration> length() {
        return end.map(write -> write.returned().orElseThrow().minus(start));
    }
}
