package dev.etcddrill.fault;

/** What can be done to members. The ids are what fault events and checks call them. */
public enum FaultKind {
    /** SIGKILL: the process is gone, the page cache and thus all that was written stays. */
    KILL("kill"),
    /** SIGTERM: etcd hands over leadership and ends. */
    TERMINATE("terminate"),
    /** SIGKILL, and the disk loses what was not synced. */
    POWER_LOSS("power-loss"),
    /** SIGKILL, and the data directories are removed; never lifted. */
    DATA_LOSS("data-loss");

    private final String id;

    FaultKind(String id) {
        this.id = id;
    }

    /** Name in fault events. */
    public String id() {
        return id;
    }
}
