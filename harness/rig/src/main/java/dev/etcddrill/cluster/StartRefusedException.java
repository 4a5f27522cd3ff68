package dev.etcddrill.cluster;

/** The deployment itself keeps a member from starting: a command that its unit runs before etcd refused it. */
public final class StartRefusedException extends ClusterException {
    private static final long serialVersionUID = 1L;

    StartRefusedException(String message) {
        super(message);
    }
}
