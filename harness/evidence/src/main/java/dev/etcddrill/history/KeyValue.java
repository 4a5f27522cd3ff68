package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

/** A key as etcd stores it, with its own revisions. */
public record KeyValue(String key, String value, long createRevision, long modRevision, long version) {
    public KeyValue {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
    }
}
