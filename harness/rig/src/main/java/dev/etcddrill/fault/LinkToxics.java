package dev.etcddrill.fault;

import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkProxies;
import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.cluster.ToxiproxyControl;
import dev.etcddrill.plan.Link;
import java.util.List;

/**
 * Where the toxics of one direction go. What a member sends to another travels on connections that either may have
 * dialled: etcd's streams are dialled by the receiver, its pipeline and snapshots by the sender. So a direction is the
 * upstream of the sender's proxy and the downstream of the receiver's (measured; docs/faults.md).
 */
final class LinkToxics {
    private LinkToxics() {}

    /**
     * One place.
     *
     * @param upstream whether the direction is the one from the dialling end
     */
    record Place(ToxiproxyControl control, String proxy, boolean upstream) {}

    static List<Place> places(EtcdCluster cluster, Link link) {
        if (link.from().equals(HostNetwork.CLIENTS)) {
            LinkProxies receiver = proxies(cluster, link.to());
            return List.of(new Place(receiver.clientControl(), receiver.clientProxy(), true));
        } else if (link.to().equals(HostNetwork.CLIENTS)) {
            LinkProxies sender = proxies(cluster, link.from());
            return List.of(new Place(sender.clientControl(), sender.clientProxy(), false));
        }
        LinkProxies sender = proxies(cluster, link.from());
        LinkProxies receiver = proxies(cluster, link.to());
        return List.of(
                new Place(sender.peerControl(), sender.peerProxy(link.to()), true),
                new Place(receiver.peerControl(), receiver.peerProxy(link.from()), false));
    }

    private static LinkProxies proxies(EtcdCluster cluster, String member) {
        return cluster.member(member).host().network().proxies();
    }

    static void add(EtcdCluster cluster, Link link, String name, LinkToxic toxic) {
        for (Place place : places(cluster, link)) {
            place.control().addToxic(place.proxy(), direction(name, place), place.upstream(), toxic);
        }
    }

    static void remove(EtcdCluster cluster, Link link, String name) {
        for (Place place : places(cluster, link)) {
            place.control().removeToxic(place.proxy(), direction(name, place));
        }
    }

    /** The opposite direction of the same proxy may carry a toxic of the same fault. */
    private static String direction(String name, Place place) {
        return name + (place.upstream() ? "-upstream" : "-downstream");
    }

    /** The measuring end of a direction's connections that the sender dials; clients dial for themselves. */
    static LinkProbe.Dial dialledBySender(EtcdCluster cluster, Link link) {
        return link.from().equals(HostNetwork.CLIENTS)
                ? proxies(cluster, link.to())::dialClientPort
                : patience -> proxies(cluster, link.from()).dialPeer(link.to(), patience);
    }

    /** The measuring end of a direction's connections that the receiver dials. */
    static LinkProbe.Dial dialledByReceiver(EtcdCluster cluster, Link link) {
        return link.to().equals(HostNetwork.CLIENTS)
                ? proxies(cluster, link.from())::dialClientPort
                : patience -> proxies(cluster, link.to()).dialPeer(link.from(), patience);
    }
}
