package dev.etcddrill.history;

import java.util.Optional;

/**
 * Why etcd refuses to read or to compact at a revision: certain answers, with which nothing was done (etcd {@code
 * api/v3rpc/rpctypes/error.go}; server/storage/mvcc {@code ErrCompacted}, {@code ErrFutureRev}).
 */
public enum RevisionRefusal {
    /** The revision lies before the compacted one. */
    COMPACTED("etcdserver: mvcc: required revision has been compacted"),
    /** The store has not got so far. */
    FUTURE("etcdserver: mvcc: required revision is a future revision");

    private final String error;

    RevisionRefusal(String error) {
        this.error = error;
    }

    /** etcd's own words. */
    public String error() {
        return error;
    }

    /** The refusal that an outcome tells of; empty for any other. */
    public static Optional<RevisionRefusal> of(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            for (RevisionRefusal refusal : values()) {
                if (failed.error().contains(refusal.error)) {
                    return Optional.of(refusal);
                }
            }
        }
        return Optional.empty();
    }
}
