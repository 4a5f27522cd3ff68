package dev.etcddrill.cluster.sandbox;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.DatagramProbe;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkProxies;
import dev.etcddrill.distribution.CommandOutput;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cuts by routing rules inside the member's own network namespace: a rule before the local table drops what comes from a
 * sender. Adding a rule makes the kernel look up the routes of established connections again, so they are cut too.
 */
final class SandboxNetwork implements HostNetwork {
    /** Before the local table, which is moved behind it. */
    private static final int CUT_PREFERENCE = 10;

    private static final int LOCAL_PREFERENCE = 100;

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
        return DatagramProbe.arrives(
                () -> inside(namespace, List.of("cat", "/proc/net/snmp")).text(),
                () -> {
                    if (sender.equals(CLIENTS)) {
                        DatagramProbe.send(new InetSocketAddress(address, DatagramProbe.PORT));
                    } else {
                        inside(neighbours.namespaceOf(sender), DatagramProbe.command(address));
                    }
                },
                PROBE_PATIENCE,
                PROBE_PAUSE);
    }

    private static CommandOutput inside(String networkNamespace, List<String> command) {
        List<String> full = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + networkNamespace));
        full.addAll(command);
        CommandOutput output = CommandOutput.of(Path.of("/"), COMMAND_TIMEOUT, full);
        if (output.exitCode() != 0) {
            throw new ClusterException(
                    "a probe in the network of " + networkNamespace + " failed: " + output.lastLines(3));
        }
        return output;
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
