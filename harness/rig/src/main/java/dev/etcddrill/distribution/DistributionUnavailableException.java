package dev.etcddrill.distribution;

/** A version of etcd cannot be had on this machine; the message says what was tried and what to do. */
public final class DistributionUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DistributionUnavailableException(String message) {
        super(message);
    }

    public DistributionUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
