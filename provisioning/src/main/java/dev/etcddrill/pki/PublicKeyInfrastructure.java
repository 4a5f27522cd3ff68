package dev.etcddrill.pki;

import dev.etcddrill.recipe.CertificateSettings;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The authority of one cluster and everything that it issued.
 *
 * @param authority the cluster's own authority
 * @param members certificates of each member by its name, in the recipe's order
 * @param clients certificate of each client
 */
public record PublicKeyInfrastructure(
        CertificateAuthority authority,
        Map<String, MemberCertificates> members,
        Map<ClientIdentity, IssuedCertificate> clients) {

    /** Takes copies, in the same order. */
    public PublicKeyInfrastructure {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        clients = Collections.unmodifiableMap(new EnumMap<>(clients));
    }

    /**
     * A new authority and all certificates of the recipe's members and clients. Makes 2 keys per member and 4 more on all
     * processors.
     *
     * @param recipe names, addresses, kind of key and lifetimes
     * @param clock validity starts {@link CertificateAuthority#CLOCK_TOLERANCE} before its time
     * @param random source of keys and serial numbers
     */
    public static PublicKeyInfrastructure issue(ClusterRecipe recipe, Clock clock, SecureRandom random) {
        CertificateSettings settings = recipe.certificates();
        Deque<KeyPair> keys = keys(recipe, 1, random);
        CertificateAuthority authority = CertificateAuthority.create(
                keys.remove(),
                KeyPairs.signatureAlgorithm(settings.keyKind()),
                settings.authorityLifetime(),
                clock,
                random);
        return issue(authority, recipe, keys, clock, random);
    }

    /** The same from an authority that exists, for example for a cluster restored on new hosts. */
    public static PublicKeyInfrastructure issueFrom(
            CertificateAuthority authority, ClusterRecipe recipe, Clock clock, SecureRandom random) {
        return issue(authority, recipe, keys(recipe, 0, random), clock, random);
    }

    /** The same, for a place that the authority's key must not lie at. */
    public PublicKeyInfrastructure withoutAuthorityKey() {
        return new PublicKeyInfrastructure(
                new CertificateAuthority(authority.certificate(), Optional.empty()), members, clients);
    }

    /**
     * The certificates of one member.
     *
     * @throws IllegalArgumentException when it has none here
     */
    public MemberCertificates member(String name) {
        MemberCertificates certificates = members.get(name);
        if (certificates == null) {
            throw new IllegalArgumentException("expected one of the members " + members.keySet() + ", found \"" + name
                    + "\"; issue certificates from the recipe that names it");
        }
        return certificates;
    }

    /**
     * The certificate of one client.
     *
     * @throws IllegalArgumentException when it has none here
     */
    public IssuedCertificate client(ClientIdentity identity) {
        IssuedCertificate certificate = clients.get(identity);
        if (certificate == null) {
            throw new IllegalArgumentException("expected one of the clients " + clients.keySet() + ", found " + identity
                    + "; issue certificates for it");
        }
        return certificate;
    }

    private static Deque<KeyPair> keys(ClusterRecipe recipe, int more, SecureRandom random) {
        int count = CertificatePurpose.of(recipe).size() + more;
        return new ArrayDeque<>(KeyPairs.generate(recipe.certificates().keyKind(), count, random));
    }

    private static PublicKeyInfrastructure issue(
            CertificateAuthority authority,
            ClusterRecipe recipe,
            Deque<KeyPair> keys,
            Clock clock,
            SecureRandom random) {
        return of(
                authority,
                recipe,
                issue(
                        CertificatePurpose.of(recipe),
                        authority,
                        recipe,
                        keys,
                        recipe.certificates().leafLifetime(),
                        clock,
                        random));
    }

    /** The certificates for some purposes, each with the next of the keys. */
    static Map<CertificatePurpose, IssuedCertificate> issue(
            Collection<CertificatePurpose> purposes,
            CertificateAuthority authority,
            ClusterRecipe recipe,
            Deque<KeyPair> keys,
            Duration lifetime,
            Clock clock,
            SecureRandom random) {
        Map<CertificatePurpose, IssuedCertificate> issued = new LinkedHashMap<>();
        for (CertificatePurpose purpose : purposes) {
            issued.put(
                    purpose,
                    authority.issue(CertificateProfile.of(purpose, recipe), keys.remove(), lifetime, clock, random));
        }
        return issued;
    }

    static PublicKeyInfrastructure of(
            CertificateAuthority authority, ClusterRecipe recipe, Map<CertificatePurpose, IssuedCertificate> leaves) {
        Map<String, MemberCertificates> members = new LinkedHashMap<>();
        for (MemberRecipe member : recipe.members()) {
            members.put(
                    member.name(),
                    new MemberCertificates(
                            leaves.get(new CertificatePurpose.Server(member.name())),
                            leaves.get(new CertificatePurpose.Peer(member.name()))));
        }
        Map<ClientIdentity, IssuedCertificate> clients = new EnumMap<>(ClientIdentity.class);
        for (ClientIdentity identity : ClientIdentity.values()) {
            clients.put(identity, leaves.get(new CertificatePurpose.Client(identity)));
        }
        return new PublicKeyInfrastructure(authority, members, clients);
    }
}
