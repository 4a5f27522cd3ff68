package dev.etcddrill.cluster.sandbox;

import dev.etcddrill.cluster.LinkProxies;
import dev.etcddrill.cluster.ToxiproxyControl;
import dev.etcddrill.recipe.Subnet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A network namespace between a member's own and the bridge: a router that hands what the member dials to its peers to a
 * Toxiproxy in it, by routing rules alone. Proxy and member have the same address on the wire, so nobody else sees a
 * difference, and etcd's check of a peer's address against its certificate still holds (facts: docs/runtimes.md,
 * "Links").
 */
final class LinkNamespace implements LinkProxies, AutoCloseable {
    /** etcd's peer port (IANA). */
    private static final int PEER_PORT = 2380;

    /** A router between its two ends that takes packets for addresses that are not its own alone. */
    private static final String KERNEL_SETTINGS =
            "cd /proc/sys/net/ipv4; echo 1 > ip_forward; echo 1 > ip_nonlocal_bind;"
                    + " for d in all m0 eth0 lo ctl; do echo 0 > conf/$d/rp_filter; echo 1 > conf/$d/accept_local; done;"
                    + " for d in m0 eth0; do echo 1 > conf/$d/proxy_arp; echo 0 > neigh/$d/proxy_delay; done;"
                    + " echo 1 > conf/eth0/arp_ignore";

    private final String namespace;
    private final int number;
    private final String member;
    private final Map<String, String> peers;
    private final ToxiproxyServer peerServer;
    private final ToxiproxyServer clientServer;
    private final String clientProxy;
    private final InetSocketAddress clientListen;

    private LinkNamespace(
            String namespace,
            int number,
            String member,
            Map<String, String> peers,
            ToxiproxyServer peerServer,
            ToxiproxyServer clientServer,
            String clientProxy,
            InetSocketAddress clientListen) {
        this.namespace = namespace;
        this.number = number;
        this.member = member;
        this.peers = Map.copyOf(peers);
        this.peerServer = peerServer;
        this.clientServer = clientServer;
        this.clientProxy = clientProxy;
        this.clientListen = clientListen;
    }

    /**
     * Makes the namespace, plugs it between the member's namespace and the bridge, and starts its proxies.
     *
     * @param number unique in the sandbox; names and the addresses of the control link are derived from it
     * @param peers address of every other member by name
     * @param clientServer that clients of the sandbox go through
     */
    static LinkNamespace plug(
            int number,
            String memberNamespace,
            String bridge,
            String member,
            String address,
            Subnet subnet,
            Map<String, String> peers,
            Path toxiproxy,
            Path log,
            ToxiproxyServer clientServer,
            String clientProxy) {
        String namespace = "link" + number;
        SandboxRuntime.run(script(number, memberNamespace, bridge, address, subnet, peers));
        ToxiproxyServer server = ToxiproxyServer.start(
                List.of("nsenter", "--net=/run/netns/" + namespace, "setsid"), toxiproxy, linkSide(number), log);
        try {
            peers.forEach((name, peer) ->
                    server.control().createProxy(peerProxyName(name), peer + ":" + PEER_PORT, peer + ":" + PEER_PORT));
            InetSocketAddress listen =
                    clientServer.control().createProxy(clientProxy, "127.0.0.1:0", address + ":2379");
            return new LinkNamespace(namespace, number, member, peers, server, clientServer, clientProxy, listen);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static String script(
            int number,
            String memberNamespace,
            String bridge,
            String address,
            Subnet subnet,
            Map<String, String> peers) {
        String link = "link" + number;
        String inside = "ip -n " + link + " ";
        String outer = "out" + number;
        String control = "ctl" + number;
        String table = Integer.toString(1000 + number);
        String others = peers.values().stream().collect(Collectors.joining(" "));
        return "set -e\nip netns add " + link
                + "\nip netns add " + memberNamespace
                // The member's side.
                + "\nip link add m0 netns " + link + " type veth peer name eth0 netns " + memberNamespace
                + "\nip -n " + memberNamespace + " addr add " + address + "/" + subnet.prefixLength() + " dev eth0"
                + "\nip -n " + memberNamespace + " link set eth0 up"
                + "\nip -n " + memberNamespace + " link set lo up"
                // The network's side.
                + "\nip link add " + outer + " type veth peer name eth0 netns " + link
                + "\nip link set " + outer + " master " + bridge + " up"
                // The control link to this JVM.
                + "\nip link add " + control + " type veth peer name ctl netns " + link
                + "\nip addr add " + hereSide(number) + "/30 dev " + control
                + "\nip link set " + control + " up"
                + "\necho 0 > /proc/sys/net/ipv4/conf/" + control + "/rp_filter"
                + "\necho 0 > /proc/sys/net/ipv4/conf/all/rp_filter"
                + "\nip route add default via " + linkSide(number) + " dev " + control + " table " + table
                + "\nip rule add pref " + table + " from " + hereSide(number) + " lookup " + table
                + "\nnsenter --net=/run/netns/" + link + " sh -e -c '" + KERNEL_SETTINGS + "'"
                + "\n" + inside + "addr add " + linkSide(number) + "/30 dev ctl"
                + "\nfor d in lo m0 eth0 ctl; do " + inside + "link set $d up; done"
                + "\nfor a in " + address + " " + others + "; do " + inside + "addr add $a/32 dev lo; done"
                + "\n" + inside + "route add " + subnet + " dev eth0 src " + address
                + "\n" + inside + "route add " + subnet + " dev eth0 src " + address + " table 100"
                + "\n" + inside + "route add " + address + " dev m0 table 101"
                + "\nfor a in " + others + "; do " + inside + "route add local $a dev lo table 102; done"
                + "\n" + inside + "rule add pref 100 lookup local"
                + "\n" + inside + "rule del pref 0"
                // Answers to the proxy; everything else from outside is for the member.
                + "\n" + inside + "rule add pref 1 iif eth0 ipproto tcp sport " + PEER_PORT + " lookup local"
                + "\n" + inside + "rule add pref 2 iif eth0 lookup 101"
                // The member dials a peer: the proxy takes it and answers it.
                + "\n" + inside + "rule add pref 3 iif m0 ipproto tcp dport " + PEER_PORT + " lookup 102"
                + "\n" + inside + "rule add pref 4 iif lo ipproto tcp sport " + PEER_PORT + " lookup 101"
                // The proxy dials the peer from the member's own address; the rest of the member goes out.
                + "\n" + inside + "rule add pref 5 iif lo ipproto tcp dport " + PEER_PORT + " lookup 100"
                + "\n" + inside + "rule add pref 6 iif m0 lookup 100\n";
    }

    /** Link-local addresses (RFC 3927): no recipe's subnet. */
    private static String hereSide(int number) {
        return controlAddress(number, 1);
    }

    private static String linkSide(int number) {
        return controlAddress(number, 2);
    }

    private static String controlAddress(int number, int side) {
        return "169.254." + (1 + number / 64 % 254) + "." + (number % 64 * 4 + side);
    }

    private static String peerProxyName(String peer) {
        return "to-" + peer;
    }

    InetSocketAddress clientListen() {
        return clientListen;
    }

    @Override
    public ToxiproxyControl peerControl() {
        return peerServer.control();
    }

    @Override
    public String peerProxy(String peer) {
        addressOf(peer);
        return peerProxyName(peer);
    }

    @Override
    public ToxiproxyControl clientControl() {
        return clientServer.control();
    }

    @Override
    public String clientProxy() {
        return clientProxy;
    }

    private String addressOf(String peer) {
        String address = peers.get(peer);
        if (address == null) {
            throw new IllegalArgumentException(member + " has no link to " + peer + ", only to " + peers.keySet());
        }
        return address;
    }

    @Override
    public Socket dialPeer(String peer, Duration patience) throws IOException {
        // By its source address it goes over the control link into this namespace, where the proxy has the peer's
        // address.
        return LinkProxies.dial(
                Optional.of(new InetSocketAddress(hereSide(number), 0)),
                new InetSocketAddress(addressOf(peer), PEER_PORT),
                patience);
    }

    @Override
    public Socket dialClientPort(Duration patience) throws IOException {
        return LinkProxies.dial(Optional.empty(), clientListen, patience);
    }

    /** Ends the proxies and removes the namespace; the member's own namespace is its host's to remove. */
    @Override
    public void close() {
        clientServer.control().deleteProxy(clientProxy);
        peerServer.close();
        // The links by name: a connection that still sends to somebody who is cut off keeps its namespace alive for
        // minutes, and a router that nobody knows any more would go on answering for the member's address.
        SandboxRuntime.run("ip link del out" + number + "; ip link del ctl" + number + "; ip rule del pref "
                + (1000 + number) + "; ip netns del " + namespace);
    }
}
