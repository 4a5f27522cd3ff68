package dev.etcddrill.recipe;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * One voting member of the cluster and the host that it lives on.
 *
 * @param name etcd's member name, also the name of the host's directory in a deployment; a DNS label
 * @param address the address that the member listens on and advertises
 * @param hostname the host's DNS name, part of its certificates
 */
public record MemberRecipe(String name, IpAddress address, String hostname) {

    /** Port for clients (IANA: etcd-client). */
    public static final int CLIENT_PORT = 2379;
    /** Port for the other members (IANA: etcd-server). */
    public static final int PEER_PORT = 2380;
    /** Port for metrics and health, without TLS and without client certificate (docs/rules.md MON-01). */
    public static final int METRICS_PORT = 2381;

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_HOSTNAME = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Set<String> RESERVED = Set.of("default", "control-plane", "certificate-authority");

    /** Checks name and host name (RFC 1123; docs/rules.md TOP-08 for the name {@code default}). */
    public MemberRecipe {
        requireName(name);
        requireHostname(hostname);
    }

    /** Where clients reach this member, such as {@code https://10.0.1.10:2379}. */
    public String clientUrl() {
        return "https://" + address + ":" + CLIENT_PORT;
    }

    /** Where the other members reach this member, such as {@code https://10.0.1.10:2380}. */
    public String peerUrl() {
        return "https://" + address + ":" + PEER_PORT;
    }

    /** Where metrics and health are served, such as {@code http://10.0.1.10:2381}. */
    public String metricsUrl() {
        return "http://" + address + ":" + METRICS_PORT;
    }

    /** The same member at another address. */
    public MemberRecipe withAddress(IpAddress other) {
        return new MemberRecipe(name, other, hostname);
    }

    static String requireName(String name) {
        requireLabel(name);
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("expected a member name of its own, found the reserved name \"" + name
                    + "\"; choose another, for example etcd-1");
        }
        return name;
    }

    static String requireLabel(String label) {
        if (label.length() > LONGEST_LABEL || !LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException("expected at most 63 lower-case letters, digits and inner hyphens,"
                    + " found \"" + label + "\"; choose a name such as etcd-1");
        }
        return label;
    }

    static String requireHostname(String hostname) {
        boolean wellFormed = hostname.length() <= LONGEST_HOSTNAME;
        for (String label : hostname.split("\\.", -1)) {
            wellFormed &=
                    label.length() <= LONGEST_LABEL && LABEL.matcher(label).matches();
        }
        if (!wellFormed) {
            throw new IllegalArgumentException("expected a lower-case DNS host name, found \"" + hostname
                    + "\"; give a name such as etcd-1.example.com");
        }
        return hostname;
    }
}
