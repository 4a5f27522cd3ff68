package dev.etcddrill.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Takes files over HTTP, whole or not at all, and none without end. */
final class Download {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private Download() {}

    static HttpClient client() {
        return HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .proxy(ProxySelector.getDefault())
                .build();
    }

    /**
     * Writes what an address holds into a file.
     *
     * @param largest in bytes
     * @throws IOException where it cannot be had, breaks off, or is larger
     */
    static void file(HttpClient client, URI address, Path target, long largest) throws IOException {
        HttpResponse<InputStream> response = send(client, address, HttpResponse.BodyHandlers.ofInputStream());
        long announced = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        try (InputStream body = response.body()) {
            byte[] buffer = new byte[1 << 16];
            long bytes = 0;
            try (var output = Files.newOutputStream(target)) {
                for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    bytes += read;
                    if (bytes > largest) {
                        throw new IOException(address + " is larger than " + (largest >> 20) + " MiB");
                    }
                    output.write(buffer, 0, read);
                }
            }
            if (announced >= 0 && bytes != announced) {
                throw new IOException(address + " broke off after " + bytes + " of " + announced + " bytes");
            }
        }
    }

    /**
     * Asks for an address.
     *
     * @throws NotThereException where it says that there is nothing (status 404 or 410)
     * @throws IOException where it does not answer with status 200
     */
    static <T> HttpResponse<T> send(HttpClient client, URI address, HttpResponse.BodyHandler<T> body)
            throws IOException {
        try {
            HttpResponse<T> response =
                    client.send(HttpRequest.newBuilder(address).timeout(TIMEOUT).build(), body);
            if (response.statusCode() != 200) {
                String message = address + " answers with status " + response.statusCode();
                throw response.statusCode() == 404 || response.statusCode() == 410
                        ? new NotThereException(message)
                        : new IOException(message);
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while downloading " + address, e);
        }
    }

    /** There is nothing at an address; another one may have it. */
    static final class NotThereException extends IOException {
        private static final long serialVersionUID = 1L;

        private NotThereException(String message) {
            super(message);
        }
    }
}
