package dev.etcddrill.pki;

/**
 * The two certificates of one member (docs/rules.md TLS-05, TLS-06). Both name this member's host only (TLS-08).
 *
 * @param server shown to clients
 * @param peer shown to the other members, as server and as client
 */
public record MemberCertificates(IssuedCertificate server, IssuedCertificate peer) {

    /** Common name of every server certificate (Kubernetes, "PKI certificates and requirements"). */
    public static final String SERVER_COMMON_NAME = "kube-etcd";

    /**
     * Common name of every peer certificate (Kubernetes, "PKI certificates and requirements"); members let only this name
     * in on the peer port (TLS-11), so that no client of the same authority can act as a member.
     */
    public static final String PEER_COMMON_NAME = "kube-etcd-peer";
}
