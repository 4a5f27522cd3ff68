package dev.etcddrill.junit;

import dev.etcddrill.drill.DrillSession;

/** The run of this JVM, for providers of generated plans, which jqwik gives no parameters. */
public final class SessionAccess {
    private SessionAccess() {}

    /** The run; opened where it is not open yet. */
    public static DrillSession session() {
        return SharedSession.get();
    }
}
