package dev.etcddrill.drill;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.run.ExitStatus;

/** A run cannot start: what was asked for is wrong, or this machine cannot do it. The message is for the user. */
public final class PreparationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitStatus status;

    public PreparationException(ExitStatus status, String message) {
        // Maven prints the stack trace of what a build step throws, and ours would tell a user nothing.
        super(message, null, false, false);
        this.status = requireNonNull(status, "status");
    }

    /** {@link ExitStatus#BAD_INPUT} or {@link ExitStatus#UNAVAILABLE}. */
    public ExitStatus status() {
        return status;
    }
}
