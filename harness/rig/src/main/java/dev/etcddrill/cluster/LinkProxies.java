package dev.etcddrill.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/**
 * The Toxiproxy processes that stand in the links of one member's host: one proxy for the connections that the member
 * dials to each other member, and one for those that clients dial to it. The member knows nothing of them.
 */
public interface LinkProxies {
    /** The server that holds {@link #peerProxy}. */
    ToxiproxyControl peerControl();

    /** Name of the proxy that this member's connections to another member go through. */
    String peerProxy(String member);

    /** The server that holds {@link #clientProxy}. */
    ToxiproxyControl clientControl();

    /** Name of the proxy that clients' connections to this member go through. */
    String clientProxy();

    /**
     * Opens a connection that goes the very way of this member's connections to another member.
     *
     * @throws IOException where it does not come about in time
     */
    Socket dialPeer(String member, Duration patience) throws IOException;

    /**
     * Opens a connection that goes the very way of clients' connections to this member.
     *
     * @throws IOException where it does not come about in time
     */
    Socket dialClientPort(Duration patience) throws IOException;

    /**
     * Opens a connection, or leaves none.
     *
     * @param from address that it comes from; empty for any
     */
    static Socket dial(Optional<InetSocketAddress> from, InetSocketAddress to, Duration patience) throws IOException {
        Socket socket = new Socket();
        try {
            if (from.isPresent()) {
                socket.bind(from.get());
            }
            socket.connect(to, (int) patience.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
