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

    /**
     * What is here, and what only another copy has: the authority's key, and certificates that are missing here.
     *
     * @throws IllegalArgumentException where their authorities are not the same
     */
    public EarlierCertificates with(EarlierCertificates copy) {
        CertificateAuthority own = authority.orElseThrow();
        CertificateAuthority other = copy.authority.orElseThrow();
        if (!own.certificate().equals(other.certificate())) {
            throw new IllegalArgumentException("expected one authority, found two: " + own + " and in the other copy "
                    + other + "; name a copy of the same deployment");
        }
        Map<CertificatePurpose, IssuedCertificate> both = new LinkedHashMap<>(copy.leaves);
        both.putAll(leaves);
        return new EarlierCertificates(own.privateKey().isPresent() ? authority : copy.authority, both);
    }

    /** Takes a copy. */
    public EarlierCertificates {
        requireNonNull(authority, "authority");
        leaves = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(leaves));
        if (authority.isEmpty() && !leaves.isEmpty()) {
            throw new IllegalArgumentException("expected an authority of " + leaves.keySet() + ", found none");
        }
    }
}
