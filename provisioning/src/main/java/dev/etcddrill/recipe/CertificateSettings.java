package dev.etcddrill.recipe;

import dev.etcddrill.document.QuantityText;
import java.time.Duration;
import java.util.List;

/**
 * How certificates are made.
 *
 * @param keyKind kind of every key; RSA 2048 when not stated, as in the guide
 * @param leafLifetime validity of member and client certificates; 8760 h when not stated (seed/guide.md;
 *     docs/rules.md TLS-13)
 * @param authorityLifetime validity of the certificate authority, always explicit (TLS-14) and longer than a leaf's;
 *     87600 h when not stated, which is what kubeadm gives its own authorities
 */
public record CertificateSettings(KeyKind keyKind, Duration leafLifetime, Duration authorityLifetime) {

    /** Validity of leaf certificates when the recipe states none. */
    public static final Duration DEFAULT_LEAF_LIFETIME = Duration.ofDays(365);
    /** Validity of the authority when the recipe states none. */
    public static final Duration DEFAULT_AUTHORITY_LIFETIME = Duration.ofDays(3_650);

    /** Checks that the authority outlives the certificates that it signs. */
    public CertificateSettings {
        QuantityText.requirePositive(leafLifetime);
        QuantityText.requirePositive(authorityLifetime);
        RecipeRules.requireNone(List.of(
                RecipeRules.leafLifetime(leafLifetime),
                RecipeRules.authorityOutlivesLeaves(leafLifetime, authorityLifetime)));
    }
}
