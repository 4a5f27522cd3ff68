package dev.etcddrill.cluster;

import dev.etcddrill.plan.Link;

/**
 * What can be done to the network of one member's host, and what can be seen of it. A sender is the name of another
 * member, or {@link #CLIENTS}.
 */
public interface HostNetwork {
    /** The sender that stands for the clients of the run. */
    String CLIENTS = Link.CLIENTS;

    /**
     * Makes every packet from a sender vanish on its way to this host, on established connections too. One direction
     * only: what this host sends still arrives.
     *
     * @throws ClusterException where it cannot be done
     */
    void cut(String sender);

    /** Undoes {@link #cut}; does nothing where that sender is not cut off. */
    void mend(String sender);

    /**
     * Whether a packet from a sender arrives here: a few datagrams are sent from the sender's host, and this host's
     * kernel is asked whether it got one.
     *
     * @throws ClusterException where it cannot be tried
     */
    boolean hears(String sender);

    /**
     * The proxies that stand in this host's links.
     *
     * @throws UnsupportedOperationException where the host was made without {@link Capability#LINK_FAULTS}
     */
    LinkProxies proxies();
}
