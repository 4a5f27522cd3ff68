package dev.etcddrill.cluster.sandbox;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkProxies;
import dev.etcddrill.distribution.CommandOutput;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Cuts by routing rules inside the member's own network namespace: a rule before the local table drops what comes from a
 * sender. Adding a rule makes the kernel look up the routes of established connections again, so they are cut too.
 */
final class SandboxNetwork implements HostNetwork {
    /** Before the local table, which is moved behind it. */
    private static final int CUT_PREFERENCE = 10;

    private static final int LOCAL_PREFERENCE = 100;

    /** Nobody listens there, so the kernel counts what arrives as datagrams without a port. */
    private static final int PROBE_PORT = 9;

    private static final int PROBES = 3;
    private static final Duration PROBE_PATIENCE = Duration.ofMillis(150);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(5);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);

    private final String member;
    private final String namespace;
    private final String address;
    private final Map<String, String> senders;
    private final Neighbours neighbours;
    private final Optional<LinkProxies> proxies;
    private boolean localTableMoved;

    /**
     * @param senders address of every sender by its name
     * @param neighbours finds the network namespace of another member of the cluster; empty for clients
     */
    SandboxNetwork(
            String member,
            String namespace,
            String address,
            Map<String, String> senders,
            Neighbours neighbours,
            Optional<LinkProxies> proxies) {
        this.member = member;
        this.namespace = namespace;
        this.address = address;
        this.senders = Map.copyOf(senders);
        this.neighbours = neighbours;
        this.proxies = proxies;
    }

    @Override
    public synchronized void cut(String sender) {
        String from = addressOf(sender);
        if (!localTableMoved) {
            SandboxRuntime.run("set -e; ip -n " + namespace + " rule add pref " + LOCAL_PREFERENCE
                    + " lookup local; ip -n " + namespace + " rule del pref 0");
            localTableMoved = true;
        }
        if (!isCut(from)) {
            SandboxRuntime.run("ip -n " + namespace + " rule add " + rule(from));
        }
    }

    @Override
    public synchronized void mend(String sender) {
        String from = addressOf(sender);
        if (isCut(from)) {
            SandboxRuntime.run("ip -n " + namespace + " rule del " + rule(from));
        }
    }

    private boolean isCut(String from) {
        return SandboxRuntime.run("ip -n " + namespace + " rule list pref " + CUT_PREFERENCE)
                .text()
                .lines()
                .anyMatch(line -> List.of(line.split("\\s+", -1)).contains(from));
    }

    private static String rule(String from) {
        return "pref " + CUT_PREFERENCE + " iif eth0 from " + from + " blackhole";
    }

    private String addressOf(String sender) {
        String found = senders.get(sender);
        if (found == null) {
            throw new IllegalArgumentException(
                    "nothing called " + sender + " sends to " + member + ", only " + senders.keySet());
        }
        return found;
    }

    @Override
    public boolean hears(String sender) {
        addressOf(sender);
        long before = datagramsWithoutPort();
        if (sender.equals(CLIENTS)) {
            sendFromHere();
        } else {
            SandboxRuntime.run("nsenter --net=/run/netns/" + neighbours.namespaceOf(sender) + " bash -c 'for n in "
                    + "1 2 3; do echo probe > /dev/udp/" + address + "/" + PROBE_PORT + "; done 2>/dev/null; true'");
        }
        long end = System.nanoTime() + PROBE_PATIENCE.toNanos();
        do {
            if (datagramsWithoutPort() > before) {
                return true;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(PROBE_PAUSE.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while trying whether " + member + " hears " + sender, e);
            }
        } while (System.nanoTime() < end);
        return false;
    }

    private void sendFromHere() {
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] content = {'p'};
            for (int probe = 0; probe < PROBES; probe++) {
                socket.send(new DatagramPacket(
                        content, content.length, new InetSocketAddress(InetAddress.getByName(address), PROBE_PORT)));
            }
        } catch (IOException e) {
            throw new ClusterException("no datagram can be sent to " + member + ": " + e.getMessage(), e);
        }
    }

    /** The counter {@code Udp: NoPorts} of the member's kernel namespace. */
    private long datagramsWithoutPort() {
        CommandOutput output = CommandOutput.of(
                Path.of("/"), COMMAND_TIMEOUT, "nsenter", "--net=/run/netns/" + namespace, "cat", "/proc/net/snmp");
        List<String> lines =
                output.text().lines().filter(line -> line.startsWith("Udp: ")).toList();
        if (lines.size() != 2) {
            throw new ClusterException(
                    "expected two lines of UDP counters of " + member + ", but got: " + output.lastLines(3));
        }
        int column = List.of(lines.get(0).split(" ", -1)).indexOf("NoPorts");
        return Long.parseLong(lines.get(1).split(" ", -1)[column]);
    }

    @Override
    public LinkProxies proxies() {
        return proxies.orElseThrow(() -> new UnsupportedOperationException(
                "member " + member + " was plugged straight into its network, so there are no proxies in its links"));
    }

    /** Where other members of the same cluster live. */
    @FunctionalInterface
    interface Neighbours {
        String namespaceOf(String member);
    }
}
