package dev.etcddrill.fault;

import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.LedgerEntry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the life of faults in memory, for tests. */
public final class RememberedFaults implements FaultRecord {
    private final AttemptClock clock = AttemptClock.started(Clock.systemUTC(), System::nanoTime);
    private final List<FaultEvent> events = new CopyOnWriteArrayList<>();
    private final List<LedgerEntry> ledger = new CopyOnWriteArrayList<>();

    public List<FaultEvent> events() {
        return events;
    }

    public List<LedgerEntry> ledger() {
        return ledger;
    }

    @Override
    public AttemptClock clock() {
        return clock;
    }

    @Override
    public void fault(FaultEvent event) {
        events.add(event);
    }

    @Override
    public void ledger(LedgerEntry entry) {
        ledger.add(entry);
    }
}
