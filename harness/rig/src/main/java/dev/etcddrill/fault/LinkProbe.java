package dev.etcddrill.fault;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Measures a link by connections of its own that go the very way of etcd's. What flows towards the dialled end and what
 * flows back are told apart by what etcd's TLS listener does: it closes a connection that does not begin with a TLS
 * handshake without an answer, so that time is the way there alone; to a greeting it answers at once, so that time is the
 * way there and back.
 */
final class LinkProbe {
    /** What is no TLS record (RFC 8446, section 5.1): etcd closes at once, and notes a rejected connection in its log. */
    private static final byte[] NO_HANDSHAKE = {0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f};

    private final Dial dial;
    private final Duration patience;

    /**
     * @param dial opens a connection over the link
     * @param patience after which an answer counts as missing
     */
    LinkProbe(Dial dial, Duration patience) {
        this.dial = requireNonNull(dial, "dial");
        this.patience = requireNonNull(patience, "patience");
    }

    /** Time until what was sent had arrived at the dialled end and its refusal was here; empty where none came. */
    Optional<Duration> there() {
        return timed(NO_HANDSHAKE);
    }

    /** Time until a greeting was answered; empty where no answer came. */
    Optional<Duration> thereAndBack() {
        return timed(greeting());
    }

    /** Time until the end of a connection that was closed here was told there, and back; empty where it was not told. */
    Optional<Duration> closing() {
        try (Socket socket = dial.open(patience)) {
            socket.setSoTimeout((int) patience.toMillis());
            long start = System.nanoTime();
            socket.shutdownOutput();
            return awaitAnswer(socket, start);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Duration> timed(byte[] content) {
        try (Socket socket = dial.open(patience)) {
            socket.setSoTimeout((int) patience.toMillis());
            long start = System.nanoTime();
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
            return awaitAnswer(socket, start);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The first byte, the end, or a reset: whichever it is, it has come all the way. */
    private static Optional<Duration> awaitAnswer(Socket socket, long start) throws IOException {
        InputStream input = socket.getInputStream();
        try {
            input.read();
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Duration.ofNanos(System.nanoTime() - start));
        }
        return Optional.of(Duration.ofNanos(System.nanoTime() - start));
    }

    /** A TLS ClientHello, as the JDK sends it. */
    private static byte[] greeting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            ByteBuffer target = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), target);
            byte[] content = new byte[target.position()];
            target.flip();
            target.get(content);
            return content;
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /** Opens a connection over the link that is measured. */
    @FunctionalInterface
    interface Dial {
        Socket open(Duration patience) throws IOException;
    }
}
