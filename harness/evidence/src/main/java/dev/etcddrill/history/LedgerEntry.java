package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A step that undoes what a fault does, or how it went. It is on disk as pending before the fault is injected, so that
 * it can be done after a crash.
 *
 * @param at since the start of the attempt
 * @param step what undoes it, such as {@code restart-member}
 * @param target what it is done to; with the step it names the entry that a later one is about
 * @param state whether it is still to be done
 * @param detail a sentence for the reader; where it failed, why
 */
public record LedgerEntry(Duration at, String step, String target, State state, String detail) {
    public LedgerEntry {
        requireNonNull(at, "at");
        requireNonNull(step, "step");
        requireNonNull(target, "target");
        requireNonNull(state, "state");
        requireNonNull(detail, "detail");
    }

    /** Whether a step is still to be done. */
    public enum State {
        PENDING,
        DONE,
        FAILED
    }
}
