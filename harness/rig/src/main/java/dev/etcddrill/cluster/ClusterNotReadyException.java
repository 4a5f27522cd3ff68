package dev.etcddrill.cluster;

/** A cluster did not become ready; the message says which member, why, and what its log says last. */
public final class ClusterNotReadyException extends ClusterException {
    private static final long serialVersionUID = 1L;

    public ClusterNotReadyException(String message) {
        super(message);
    }
}
