package dev.etcddrill.recipe;

/**
 * What each etcd host is made of, as far as settings are derived from it.
 *
 * @param memoryBytes RAM per host in bytes; 8 GiB when not stated, the guide's minimum (seed/guide.md, "Planning Your
 *     etcd Cluster")
 */
public record HardwareSettings(long memoryBytes) {

    /** RAM when the recipe states none. */
    public static final long DEFAULT_MEMORY_BYTES = 8L << 30;

    /** Checks that there is some memory. */
    public HardwareSettings {
        if (memoryBytes <= 0) {
            throw new IllegalArgumentException(
                    "expected more than 0 bytes of memory, found " + memoryBytes + "; give a size such as 8GiB");
        }
    }
}
