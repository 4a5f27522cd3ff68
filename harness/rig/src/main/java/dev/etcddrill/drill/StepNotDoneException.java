package dev.etcddrill.drill;

/** A step of an attempt could not be done; the message says what was waited for, how long, and what was seen. */
public final class StepNotDoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StepNotDoneException(String message) {
        super(message);
    }
}
