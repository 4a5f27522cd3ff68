package dev.etcddrill.fault;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Measures a link by connections of its own that go the very way of etcd's. What flows towards the dialled end and what
 * flows back are told apart by what etcd's TLS listener does: it closes a connection that does not begin with a TLS
 * handshake without a word, so that time is the way there alone; to a greeting it answers at once, so that time is the way
 * there and back. etcd notes each such connection in its log as rejected.
 */
final class LinkProbe {
    /** What is no TLS record (RFC 8446, section 5.1). */
    private static final byte[] NO_HANDSHAKE = {0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f};

    /** The longest handshake message that Go reads (crypto/tls, maxHandshake) less room for its header. */
    static final int LONG_GREETING_BYTES = 65_000;

    private static final int RECORD_BYTES = 16_384;

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

    /** Until a refusal was here: the way there, because the end of a connection is not held up. */
    Answer refusal() {
        return send(NO_HANDSHAKE, false);
    }

    /** Until a greeting was answered: the way there and back. */
    Answer greeting() {
        return send(shortGreeting(), false);
    }

    /** Until a greeting of {@value #LONG_GREETING_BYTES} bytes was answered or refused. */
    Answer longGreeting() {
        return send(longGreetingRecords(), false);
    }

    /** Until the end of a connection was told there, and the end of the other side was told here. */
    Answer closing() {
        return send(new byte[0], true);
    }

    private Answer send(byte[] content, boolean thenClose) {
        try (Socket socket = dial.open(patience)) {
            socket.setSoTimeout((int) patience.toMillis());
            long start = System.nanoTime();
            Answer.Kind kind;
            try {
                socket.getOutputStream().write(content);
                socket.getOutputStream().flush();
                if (thenClose) {
                    socket.shutdownOutput();
                }
                kind = socket.getInputStream().read() < 0 ? Answer.Kind.CLOSED : Answer.Kind.DATA;
            } catch (SocketTimeoutException e) {
                kind = Answer.Kind.NONE;
            } catch (IOException e) {
                // A reset is an end too.
                kind = Answer.Kind.CLOSED;
            }
            return new Answer(kind, Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException e) {
            return new Answer(Answer.Kind.NONE, patience);
        }
    }

    /** A TLS ClientHello, as the JDK sends it. */
    private static byte[] shortGreeting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            ByteBuffer target = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), target);
            return Arrays.copyOf(target.array(), target.position());
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /**
     * A handshake message that says it is a ClientHello and has nothing sensible in it. The other side reads all of it
     * before it finds that out.
     */
    private static byte[] longGreetingRecords() {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        byte[] message = new byte[LONG_GREETING_BYTES];
        int length = message.length - 4;
        message[0] = 1;
        message[1] = (byte) (length >> 16);
        message[2] = (byte) (length >> 8);
        message[3] = (byte) length;
        for (int from = 0; from < message.length; from += RECORD_BYTES) {
            int bytes = Math.min(RECORD_BYTES, message.length - from);
            records.write(22);
            records.write(3);
            records.write(1);
            records.write(bytes >> 8);
            records.write(bytes);
            records.write(message, from, bytes);
        }
        return records.toByteArray();
    }

    /** Opens a connection over the link that is measured. */
    @FunctionalInterface
    interface Dial {
        Socket open(Duration patience) throws IOException;
    }

    /**
     * What came.
     *
     * @param time until it came; the patience where nothing did
     */
    record Answer(Kind kind, Duration time) {
        enum Kind {
            DATA,
            CLOSED,
            NONE
        }

        boolean came() {
            return kind != Kind.NONE;
        }
    }
}
