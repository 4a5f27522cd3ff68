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

    /** Far below what etcd's documentation asks for: whoever states less has most likely left out the unit. */
    private static final long LEAST_MEMORY_BYTES = 1L << 30;

    /** Checks that there is enough memory to be meant. */
    public HardwareSettings {
        if (memoryBytes < LEAST_MEMORY_BYTES) {
            throw new IllegalArgumentException("expected at least 1GiB of memory, found " + memoryBytes
                    + " bytes; give a size with its unit, such as 8GiB");
        }
    }
}
