package dev.etcddrill.pki;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.recipe.ClusterRecipe;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The certificates of a recipe where some exist already: what still fits is kept as it is, and only the rest is issued. The
 * authority is always kept: whatever trusts it would have to learn another one first.
 *
 * @param infrastructure all of them
 * @param issued what was issued now, with the reason, in the order of {@link CertificatePurpose#of}
 */
public record Renewal(PublicKeyInfrastructure infrastructure, Map<CertificatePurpose, String> issued) {
    /**
     * So long before its end a certificate is due: time enough to notice that a renewal failed. A third of its life, as
     * is usual for short ones, where that is less.
     */
    public static final Duration DUE_BEFORE_END = Duration.ofDays(30);

    private static final int SHORT_LIVES = 3;

    public Renewal {
        requireNonNull(infrastructure, "infrastructure");
        issued = Collections.unmodifiableMap(new LinkedHashMap<>(issued));
    }

    /**
     * Keeps what fits and issues the rest.
     *
     * @param asked to issue every certificate of members and clients, whether it is due or not
     * @param clock validity starts {@link CertificateAuthority#CLOCK_TOLERANCE} before its time
     * @param random source of keys and serial numbers
     * @throws MissingAuthorityKeyException where something must be issued and the authority's key is not at hand
     * @throws IllegalArgumentException where the authority itself is no longer valid
     */
    public static Renewal of(
            ClusterRecipe recipe, EarlierCertificates earlier, boolean asked, Clock clock, SecureRandom random) {
        if (earlier.authority().isEmpty()) {
            return new Renewal(PublicKeyInfrastructure.issue(recipe, clock, random), Map.of());
        }
        CertificateAuthority authority = earlier.authority().get();
        Map<CertificatePurpose, IssuedCertificate> leaves = new LinkedHashMap<>();
        Map<CertificatePurpose, String> needed = new LinkedHashMap<>();
        for (CertificatePurpose purpose : CertificatePurpose.of(recipe)) {
            IssuedCertificate known = earlier.leaves().get(purpose);
            Optional<String> reason = known == null
                    ? Optional.of("there was none with its key")
                    : asked ? Optional.of("asked for") : reason(known, purpose, recipe, authority, clock.instant());
            reason.ifPresentOrElse(words -> needed.put(purpose, words), () -> leaves.put(purpose, known));
        }
        if (!needed.isEmpty()) {
            if (authority.privateKey().isEmpty()) {
                throw new MissingAuthorityKeyException(needed);
            }
            Duration lifetime = lifetime(recipe, authority.certificate(), clock.instant());
            Deque<KeyPair> keys =
                    new ArrayDeque<>(KeyPairs.generate(recipe.certificates().keyKind(), needed.size(), random));
            leaves.putAll(
                    PublicKeyInfrastructure.issue(needed.keySet(), authority, recipe, keys, lifetime, clock, random));
        }
        return new Renewal(PublicKeyInfrastructure.of(authority, recipe, leaves), needed);
    }

    /** Why a certificate cannot stay; empty where it can. */
    private static Optional<String> reason(
            IssuedCertificate known,
            CertificatePurpose purpose,
            ClusterRecipe recipe,
            CertificateAuthority authority,
            Instant now) {
        X509Certificate certificate = known.certificate();
        try {
            certificate.verify(authority.certificate().getPublicKey());
        } catch (GeneralSecurityException another) {
            return Optional.of("another authority signed it");
        }
        if (!KeyPairs.belongTogether(certificate.getPublicKey(), known.privateKey())) {
            return Optional.of("the key beside it is another's");
        }
        if (!KeyPairs.kindOf(certificate.getPublicKey())
                .equals(Optional.of(recipe.certificates().keyKind()))) {
            return Optional.of(
                    "its key is not " + recipe.certificates().keyKind().text());
        }
        return CertificateProfile.of(purpose, recipe).difference(certificate).or(() -> due(certificate, now));
    }

    private static Optional<String> due(X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        return now.isBefore(end.minus(dueBeforeEnd(certificate))) ? Optional.empty() : Optional.of("it ends on " + end);
    }

    /** How long before its end a certificate is due. */
    static Duration dueBeforeEnd(X509Certificate certificate) {
        Duration life = Duration.between(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
        Duration third = life.dividedBy(SHORT_LIVES);
        return third.compareTo(DUE_BEFORE_END) < 0 ? third : DUE_BEFORE_END;
    }

    /** As the recipe says, but nothing outlives its authority: nobody would take it after that. */
    private static Duration lifetime(ClusterRecipe recipe, X509Certificate authority, Instant now) {
        Instant end = authority.getNotAfter().toInstant();
        Duration left = Duration.between(now.minus(CertificateAuthority.CLOCK_TOLERANCE), end);
        if (!now.isBefore(end)) {
            throw new IllegalArgumentException("expected an authority that is valid, found one that ended on " + end
                    + "; render into an empty directory for a new one");
        }
        Duration stated = recipe.certificates().leafLifetime();
        return left.compareTo(stated) < 0 ? left : stated;
    }
}
