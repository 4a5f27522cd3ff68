package dev.etcddrill.cluster;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a drill or a fault can need of a runtime beyond starting and ending members. */
public enum Capability {
    /** Members' disks can lose what was not synced. */
    POWER_LOSS("power-loss", "disks that lose what was not synced"),
    /** Members live on hosts of their own, at the recipe's addresses and paths, where scripts run as root. */
    OWN_HOSTS("own-hosts", "members on hosts of their own, where the deployment's scripts run as root"),
    /** Packets between two members, or from clients to a member, can be made to vanish, each direction by itself. */
    PARTITIONS("partitions", "packets cut between members, each direction by itself"),
    /** Connections between members, and from clients to a member, go through proxies that can slow or break them. */
    LINK_FAULTS("link-faults", "links slowed, narrowed or broken through Toxiproxy");

    private final String id;
    private final String sentence;

    Capability(String id, String sentence) {
        this.id = id;
        this.sentence = sentence;
    }

    /** Name in fault types and in messages. */
    public String id() {
        return id;
    }

    /** What it is, for people. */
    public String sentence() {
        return sentence;
    }

    /**
     * The capability of an id.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Capability of(String id) {
        return Arrays.stream(values())
                .filter(capability -> capability.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no capability " + id + "; there are "
                        + Arrays.stream(values()).map(Capability::id).collect(Collectors.joining(", "))));
    }
}
