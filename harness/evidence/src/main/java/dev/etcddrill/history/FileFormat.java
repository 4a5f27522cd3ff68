package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

/**
 * What a file says of itself in its fields {@code format} and {@code version}, so that a reader never guesses.
 *
 * @param format such as {@code etcd-drill/history}
 * @param version counted up with every change that an older reader would misread; there is no reading of other versions
 */
public record FileFormat(String format, int version) {
    /** Of {@code history.jsonl}. */
    public static final FileFormat HISTORY = new FileFormat("etcd-drill/history", 2);
    /** Of {@code faults.jsonl}. */
    public static final FileFormat FAULTS = new FileFormat("etcd-drill/faults", 2);
    /** Of {@code probes.jsonl}. */
    public static final FileFormat OBSERVATIONS = new FileFormat("etcd-drill/observations", 2);
    /** Of {@code ledger.jsonl}. */
    public static final FileFormat LEDGER = new FileFormat("etcd-drill/ledger", 1);

    public FileFormat {
        requireNonNull(format, "format");
    }

    @Override
    public String toString() {
        return format + " version " + version;
    }
}
