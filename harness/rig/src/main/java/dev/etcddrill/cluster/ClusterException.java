package dev.etcddrill.cluster;

/** A cluster or a host could not be made or asked; the message says what was expected and what was seen. */
public class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterException(String message) {
        super(message);
    }

    public ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
