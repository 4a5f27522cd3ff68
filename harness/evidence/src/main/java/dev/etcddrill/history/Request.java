package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

/** What a client asked for, on one key. */
public sealed interface Request {
    /** The key that the request is about. */
    String key();

    /** Whether the request can change the store. */
    boolean mutates();

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

    /** How fresh a read must be (etcd API guarantees, "linearizability"). */
    enum Consistency {
        /** Sees every write that completed before it was asked. */
        LINEARIZABLE,
        /** Answered by the asked member from its own state, possibly old. */
        SERIALIZABLE
    }
}
