package dev.etcddrill.client;

import static java.util.Objects.requireNonNull;

/**
 * Where this process reaches a member's client port.
 *
 * @param host name or address that is dialled
 * @param port that is dialled, 1 to 65535
 * @param authority name or address that the member's certificate must hold: the member's own address, also where
 *     something else stands between
 */
public record MemberEndpoint(String host, int port, String authority) {
    public MemberEndpoint {
        requireNonNull(host, "host");
        requireNonNull(authority, "authority");
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is 1 to 65535, but this is " + port);
        }
    }
}
