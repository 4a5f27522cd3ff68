package dev.etcddrill.pki;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was issued for a cluster before, as far as it is at hand.
 *
 * @param authority empty where there was none; its key may lie elsewhere
 * @param leaves certificates with their keys
 */
public record EarlierCertificates(
        Optional<CertificateAuthority> authority, Map<CertificatePurpose, IssuedCertificate> leaves) {
    /** Nothing was issued yet. */
    public static final EarlierCertificates NONE = new EarlierCertificates(Optional.empty(), Map.of());

    /** Takes a copy. */
    public EarlierCertificates {
        requireNonNull(authority, "authority");
        leaves = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(leaves));
        if (authority.isEmpty() && !leaves.isEmpty()) {
            throw new IllegalArgumentException("expected the authority's certificate beside " + leaves.keySet()
                    + ", found none; put certificate-authority/ca.crt back, or begin in an empty directory");
        }
    }
}
