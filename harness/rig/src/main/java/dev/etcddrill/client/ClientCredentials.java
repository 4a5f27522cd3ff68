package dev.etcddrill.client;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A client certificate, its key, and the authority that members' certificates are checked against. */
public final class ClientCredentials {
    private final SslContext context;

    private ClientCredentials(SslContext context) {
        this.context = context;
    }

    /**
     * Reads them from PEM; the key must be PKCS#8.
     *
     * @throws UncheckedIOException where they cannot be read; the message never holds the key
     */
    public static ClientCredentials ofPem(byte[] authority, byte[] certificate, byte[] privateKey) {
        try {
            return new ClientCredentials(GrpcSslContexts.forClient()
                    .trustManager(new ByteArrayInputStream(authority))
                    .keyManager(new ByteArrayInputStream(certificate), new ByteArrayInputStream(privateKey))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException("the client certificate or its key cannot be read", e);
        }
    }

    SslContext context() {
        return context;
    }
}
