package dev.etcddrill.cluster.docker;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.DatagramProbe;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkProxies;
import dev.etcddrill.cluster.ToxiproxyControl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts by filter rules in the owner's network, and links by a redirect to a Toxiproxy beside it: what the member dials to a
 * peer goes to the proxy, which is another user and so dials the peer itself, from the member's own address.
 */
final class DockerHostNetwork implements HostNetwork, LinkProxies {
    private static final int PEER_PORT = 2380;
    private static final int CLIENT_PORT = 2379;
    private static final int CONTROL_PORT = 8474;
    private static final int CLIENT_PROXY_PORT = 12379;
    private static final int FIRST_PEER_PROXY_PORT = 23000;
    private static final String CLIENT_PROXY = "clients";
    private static final String TOXIPROXY_USER = "8474";

    private static final Duration PROBE_PATIENCE = Duration.ofMillis(300);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(10);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TOXIPROXY_PATIENCE = Duration.ofSeconds(30);

    private final DockerHost.Place place;
    private final String owner;
    private final Ports published;
    private final Map<String, Integer> proxyPorts;
    private final Optional<ToxiproxyControl> control;

    private DockerHostNetwork(
            DockerHost.Place place,
            String owner,
            Ports published,
            Map<String, Integer> proxyPorts,
            Optional<ToxiproxyControl> control) {
        this.place = place;
        this.owner = owner;
        this.published = published;
        this.proxyPorts = proxyPorts;
        this.control = control;
    }

    /** The ports of a member's proxies, to be published. */
    static Set<ExposedPort> proxyPorts(DockerHost.Place place) {
        Set<ExposedPort> ports = new LinkedHashSet<>();
        ports.add(ExposedPort.tcp(CONTROL_PORT));
        ports.add(ExposedPort.tcp(CLIENT_PROXY_PORT));
        peerPorts(place).values().forEach(port -> ports.add(ExposedPort.tcp(port)));
        return ports;
    }

    private static Map<String, Integer> peerPorts(DockerHost.Place place) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (String peer : place.peers().keySet()) {
            ports.put(peer, FIRST_PEER_PROXY_PORT + ports.size());
        }
        return ports;
    }

    static DockerHostNetwork start(DockerHost.Place place, String owner, Ports published, boolean links) {
        Map<String, Integer> ports = peerPorts(place);
        if (!links) {
            return new DockerHostNetwork(place, owner, published, ports, Optional.empty());
        }
        DockerConnection docker = place.docker();
        String exec = docker.client()
                .execCreateCmd(owner)
                .withUser(TOXIPROXY_USER)
                .withEnv(ToxiproxyControl.SERVER_ENVIRONMENT.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList())
                .withCmd("toxiproxy-server", "-host", "0.0.0.0", "-port", Integer.toString(CONTROL_PORT))
                .exec()
                .getId();
        docker.client()
                .execStartCmd(exec)
                .withDetach(true)
                .exec(new com.github.dockerjava.api.async.ResultCallback.Adapter<>());
        ToxiproxyControl control =
                new ToxiproxyControl(docker.host(), published(published, ExposedPort.tcp(CONTROL_PORT)));
        control.awaitReady(TOXIPROXY_PATIENCE);
        control.createProxy(
                CLIENT_PROXY, "0.0.0.0:" + CLIENT_PROXY_PORT, place.member().address() + ":" + CLIENT_PORT);
        StringBuilder redirects = new StringBuilder("set -e\n");
        place.peers().forEach((peer, address) -> {
            control.createProxy(proxyName(peer), "0.0.0.0:" + ports.get(peer), address + ":" + PEER_PORT);
            redirects
                    .append("iptables -w -t nat -A OUTPUT -p tcp -d ")
                    .append(address)
                    .append(" --dport " + PEER_PORT + " -m owner ! --uid-owner " + TOXIPROXY_USER
                            + " -j REDIRECT --to-ports ")
                    .append(ports.get(peer))
                    .append('\n');
        });
        docker.require(owner, COMMAND_TIMEOUT, List.of("sh", "-c", redirects.toString()));
        return new DockerHostNetwork(place, owner, published, ports, Optional.of(control));
    }

    /** Where the daemon publishes a port. */
    static int published(Ports ports, ExposedPort port) {
        Ports.Binding[] bindings = ports.getBindings().get(port);
        if (bindings == null || bindings.length == 0) {
            throw new ClusterException("the Docker daemon did not publish the port " + port);
        }
        return Integer.parseInt(bindings[0].getHostPortSpec());
    }

    private static String proxyName(String peer) {
        return "to-" + peer;
    }

    /** Where clients reach the member through the proxy; empty where there is none. */
    Optional<Integer> clientProxyPort() {
        return control.map(unused -> published(published, ExposedPort.tcp(CLIENT_PROXY_PORT)));
    }

    @Override
    public void cut(String sender) {
        docker(rules(sender).stream()
                .map(rule -> "iptables -w -C INPUT " + rule + " 2>/dev/null || iptables -w -I INPUT 1 " + rule)
                .toList());
    }

    @Override
    public void mend(String sender) {
        docker(rules(sender).stream()
                .map(rule -> "! iptables -w -C INPUT " + rule + " 2>/dev/null || iptables -w -D INPUT " + rule)
                .toList());
    }

    private void docker(List<String> lines) {
        place.docker().require(owner, COMMAND_TIMEOUT, List.of("sh", "-c", "set -e\n" + String.join("\n", lines)));
    }

    private List<String> rules(String sender) {
        if (sender.equals(CLIENTS)) {
            // What comes through published ports comes from the gateway, where the daemon hands it on itself, or from
            // where
            // it was sent; Toxiproxy's control must stay reachable.
            List<String> rules = new ArrayList<>();
            for (String source : List.of(
                    "-s " + place.gateway(), "! -s " + place.recipe().network().subnet())) {
                rules.add(source + " -p tcp --dport " + CLIENT_PORT + " -j DROP");
                rules.add(source + " -p tcp --dport " + CLIENT_PROXY_PORT + " -j DROP");
                rules.add(source + " -p udp --dport " + DatagramProbe.PORT + " -j DROP");
            }
            return rules;
        }
        return List.of("-s " + addressOf(sender) + " -j DROP");
    }

    private String addressOf(String peer) {
        String address = place.peers().get(peer);
        if (address == null) {
            throw new IllegalArgumentException("nothing called " + peer + " sends to "
                    + place.member().name() + ", only " + place.peers().keySet() + " and " + CLIENTS);
        }
        return address;
    }

    @Override
    public boolean hears(String sender) {
        return DatagramProbe.arrives(
                () -> place.docker()
                        .require(owner, COMMAND_TIMEOUT, List.of("cat", "/proc/net/snmp"))
                        .text(),
                () -> sendFrom(sender),
                PROBE_PATIENCE,
                PROBE_PAUSE);
    }

    private void sendFrom(String sender) {
        if (sender.equals(CLIENTS)) {
            DatagramProbe.send(new InetSocketAddress(
                    place.docker().host(), published(published, ExposedPort.udp(DatagramProbe.PORT))));
        } else {
            addressOf(sender);
            place.docker()
                    .require(
                            place.ownerOf(sender),
                            COMMAND_TIMEOUT,
                            DatagramProbe.command(place.member().address().toString()));
        }
    }

    @Override
    public LinkProxies proxies() {
        if (control.isEmpty()) {
            throw new UnsupportedOperationException("member " + place.member().name()
                    + " was plugged straight into its network, so there are no proxies in its links");
        }
        return this;
    }

    @Override
    public ToxiproxyControl peerControl() {
        return control.orElseThrow();
    }

    @Override
    public String peerProxy(String peer) {
        addressOf(peer);
        return proxyName(peer);
    }

    @Override
    public ToxiproxyControl clientControl() {
        return control.orElseThrow();
    }

    @Override
    public String clientProxy() {
        return CLIENT_PROXY;
    }

    @Override
    public Socket dialPeer(String peer, Duration patience) throws IOException {
        addressOf(peer);
        return dial(proxyPorts.get(peer), patience);
    }

    @Override
    public Socket dialClientPort(Duration patience) throws IOException {
        return dial(CLIENT_PROXY_PORT, patience);
    }

    private Socket dial(int port, Duration patience) throws IOException {
        return LinkProxies.dial(
                Optional.empty(),
                new InetSocketAddress(place.docker().host(), published(published, ExposedPort.tcp(port))),
                patience);
    }
}
