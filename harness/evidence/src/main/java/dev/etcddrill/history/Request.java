package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

/** What a client asked for: something of one key, or that the history of all of them is compacted. */
public sealed interface Request {
    /** The key that the request is about; empty text, which is no key of etcd, where it is about all of them. */
    String key();

    /** Whether the request can change the store: a key, or how much of its history there is. */
    boolean mutates();

    /** Whether the request can change a key, and so make a revision. */
    default boolean writes() {
        return mutates();
    }

    /** Stores a value, whatever was there. Workloads never store the same value twice, so a value names its writer. */
    record Put(String key, String value) implements Request {
        public Put {
            requireNonNull(key, "key");
            requireNonNull(value, "value");
        }

        @Override
        public boolean mutates() {
            return true;
        }
    }

    /** Removes a key; changes nothing where the key is absent. */
    record Delete(String key) implements Request {
        public Delete {
            requireNonNull(key, "key");
        }

        @Override
        public boolean mutates() {
            return true;
        }
    }

    /** Reads a key. */
    record Get(String key, Consistency consistency) implements Request {
        public Get {
            requireNonNull(key, "key");
            requireNonNull(consistency, "consistency");
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /**
     * The transaction that kube-apiserver sends for every update (storage/etcd3 {@code GuaranteedUpdate}): if the key's
     * mod revision is the expected one, put the value, else get the key.
     *
     * @param expectedModRevision the mod revision the client last saw; 0 says that the key must not exist
     */
    record OptimisticPut(String key, long expectedModRevision, String value) implements Request {
        public OptimisticPut {
            requireNonNull(key, "key");
            requireNonNull(value, "value");
            if (expectedModRevision < 0) {
                throw new IllegalArgumentException(
                        "expected mod revision must be 0 or more, but is " + expectedModRevision);
            }
        }

        @Override
        public boolean mutates() {
            return true;
        }
    }

    /**
     * Reads a key as it was at a revision (etcd API, {@code RangeRequest.revision}).
     *
     * @param revision 1 or more; etcd refuses one that was compacted or is not there yet
     */
    record GetAt(String key, long revision, Consistency consistency) implements Request {
        public GetAt {
            requireNonNull(key, "key");
            requireNonNull(consistency, "consistency");
            requireRevision(revision);
        }

        @Override
        public boolean mutates() {
            return false;
        }
    }

    /**
     * Discards what was superseded before a revision (etcd API, {@code CompactionRequest}). It makes no revision itself.
     *
     * @param revision 1 or more; what every key was then, and later, can still be read
     * @param physical whether the answer waits until the member has removed it from its database
     */
    record Compact(long revision, boolean physical) implements Request {
        public Compact {
            requireRevision(revision);
        }

        @Override
        public String key() {
            return "";
        }

        @Override
        public boolean mutates() {
            return true;
        }

        @Override
        public boolean writes() {
            return false;
        }
    }

    private static void requireRevision(long revision) {
        if (revision < 1) {
            throw new IllegalArgumentException("a revision to ask for must be 1 or more, but is " + revision);
        }
    }

    /** How fresh a read must be (etcd API guarantees, "linearizability"). */
    enum Consistency {
        /** Sees every write that completed before it was asked. */
        LINEARIZABLE,
        /** Answered by the asked member from its own state, possibly old. */
        SERIALIZABLE
    }
}
