package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** What etcd answered; which kind belongs to which {@link Request} is checked by {@link Operation}. */
public sealed interface Response {
    Header header();

    /** Answer to {@link Request.Put}; the header's revision is the write's own. */
    record Put(Header header) implements Response {
        public Put {
            requireNonNull(header, "header");
        }
    }

    /** Answer to {@link Request.Delete}; with a count of 0 nothing changed and the revision is the store's. */
    record Delete(Header header, long deleted) implements Response {
        public Delete {
            requireNonNull(header, "header");
        }
    }

    /** Answer to {@link Request.Get}; empty where the key is absent. */
    record Get(Header header, Optional<KeyValue> keyValue) implements Response {
        public Get {
            requireNonNull(header, "header");
            requireNonNull(keyValue, "keyValue");
        }
    }

    /**
     * Answer to {@link Request.GetAt}; empty where the key was absent.
     *
     * @param header its revision is the store's, not the one that was asked for
     */
    record GetAt(Header header, Optional<KeyValue> keyValue) implements Response {
        public GetAt {
            requireNonNull(header, "header");
            requireNonNull(keyValue, "keyValue");
        }
    }

    /** Answer to {@link Request.Compact}; the header's revision is the store's. */
    record Compact(Header header) implements Response {
        public Compact {
            requireNonNull(header, "header");
        }
    }

    /**
     * Answer to {@link Request.OptimisticPut}.
     *
     * @param succeeded whether the compare held and the value was put (then the header's revision is the write's own)
     * @param current the key as the else branch read it; empty where it is absent or the compare held
     */
    record OptimisticPut(Header header, boolean succeeded, Optional<KeyValue> current) implements Response {
        public OptimisticPut {
            requireNonNull(header, "header");
            requireNonNull(current, "current");
        }
    }
}
