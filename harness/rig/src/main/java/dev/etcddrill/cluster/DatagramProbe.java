package dev.etcddrill.cluster;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whether datagrams arrive, by the receiving kernel's own counter: nothing has to listen, and one direction is seen by
 * itself. How a command runs on a host is the runtime's to say.
 */
public final class DatagramProbe {
    /** Nobody listens there, so the kernel counts what arrives as datagrams without a port. */
    public static final int PORT = 9;

    private static final int DATAGRAMS = 3;

    private DatagramProbe() {}

    /**
     * Sends, and looks whether the counter rises.
     *
     * @param counters the receiver's {@code /proc/net/snmp}
     * @param send sends a few datagrams to the receiver's {@link #PORT}
     * @param pause between two looks
     * @throws ClusterException where the counters cannot be read
     */
    public static boolean arrives(Supplier<String> counters, Runnable send, Duration patience, Duration pause) {
        long before = withoutPort(counters.get());
        send.run();
        long end = System.nanoTime() + patience.toNanos();
        do {
            if (withoutPort(counters.get()) > before) {
                return true;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while waiting for a datagram", e);
            }
        } while (System.nanoTime() < end);
        return false;
    }

    /** The counter {@code Udp: NoPorts}. */
    private static long withoutPort(String counters) {
        List<String> lines =
                counters.lines().filter(line -> line.startsWith("Udp: ")).toList();
        if (lines.size() != 2) {
            throw new ClusterException("expected two lines of UDP counters, but got: " + lines);
        }
        int column = List.of(lines.get(0).split(" ", -1)).indexOf("NoPorts");
        return Long.parseLong(lines.get(1).split(" ", -1)[column]);
    }

    /** What sends a few datagrams to an address, for a host that has bash. */
    public static List<String> command(String address) {
        return List.of(
                "bash",
                "-c",
                "for ((n = 0; n < " + DATAGRAMS + "; n++)); do echo probe > /dev/udp/" + address + "/" + PORT
                        + "; done 2>/dev/null; true");
    }

    /**
     * Sends a few datagrams from this process.
     *
     * @throws ClusterException where they cannot be sent
     */
    public static void send(InetSocketAddress target) {
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] content = {'p'};
            for (int datagram = 0; datagram < DATAGRAMS; datagram++) {
                socket.send(new DatagramPacket(content, content.length, target));
            }
        } catch (IOException e) {
            throw new ClusterException("no datagram can be sent to " + target + ": " + e.getMessage(), e);
        }
    }
}
