package dev.etcddrill.cluster;

/** The deployment itself keeps a member from starting: a command that its unit runs before etcd failed. */
public final class StartRefusedException extends ClusterException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    StartRefusedException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Of the command. */
    public int exitCode() {
        return exitCode;
    }
}
