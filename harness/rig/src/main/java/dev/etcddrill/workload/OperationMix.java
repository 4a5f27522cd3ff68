package dev.etcddrill.workload;

/** Which kinds of operations a load is made of. */
public enum OperationMix {
    /** Puts, transactions, deletes, and both kinds of reads, about as Kubernetes sends them. */
    GENERAL,
    /** As {@link #GENERAL}, and compactions, and reads of revisions by number on both sides of the compacted one. */
    COMPACTION
}
