package dev.etcddrill.pki;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority that signs every certificate of one etcd cluster, and of nothing else: whoever it signs is let in
 * (docs/rules.md TLS-04, TLS-18).
 *
 * @param certificate self-signed
 * @param privateKey empty where it lies elsewhere: then it issues nothing; never part of {@link #toString}
 */
public record CertificateAuthority(X509Certificate certificate, Optional<PrivateKey> privateKey) {

    /** Common name, as in the guide (seed/guide.md, "Generating TLS Certificates"). */
    public static final String COMMON_NAME = "etcd-ca";

    /** How far back a certificate starts to be valid, for hosts whose clocks are behind. */
    public static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    // 20 octets are the longest serial number of RFC 5280 section 4.1.2.2; the first bit stays clear.
    private static final int SERIAL_BITS = 159;

    /** What a certificate may be used for. */
    enum Usage {
        /** TLS client only. */
        CLIENT,
        /** TLS server and client: etcd's listeners also connect to themselves and to each other (TLS-09). */
        SERVER_AND_CLIENT
    }

    public CertificateAuthority {
        requireNonNull(certificate, "certificate");
        requireNonNull(privateKey, "privateKey");
    }

    /**
     * From PEM texts.
     *
     * @param privateKey empty where it lies elsewhere
     * @throws IllegalArgumentException where one of them is none, or the key is another's; nothing of a key is in its
     *     message
     */
    public static CertificateAuthority ofPem(String certificate, Optional<String> privateKey) {
        CertificateAuthority authority =
                new CertificateAuthority(Pem.certificate(certificate), privateKey.map(Pem::privateKey));
        if (authority
                .privateKey()
                .filter(key -> !KeyPairs.belongTogether(authority.certificate.getPublicKey(), key))
                .isPresent()) {
            throw new IllegalArgumentException("expected the private key of the authority, found another's");
        }
        return authority;
    }

    /** The certificate as PEM text. */
    public String certificatePem() {
        return Pem.of(certificate);
    }

    /** The private key as unencrypted PKCS#8 PEM text: a secret; empty where it lies elsewhere. */
    public Optional<String> privateKeyPem() {
        return privateKey.map(Pem::of);
    }

    /** Names the certificate, and nothing of the key. */
    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal() + ", serial "
                + certificate.getSerialNumber().toString(16) + "]";
    }

    static CertificateAuthority create(
            KeyPair keys, String signatureAlgorithm, Duration lifetime, Clock clock, SecureRandom random) {
        X500Name name = new X500Name("CN=" + COMMON_NAME);
        X509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), lifetime, clock, random);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
            IssuedCertificate own = sign(builder, keys, keys, signatureAlgorithm);
            return new CertificateAuthority(own.certificate(), Optional.of(own.privateKey()));
        } catch (IOException | GeneralSecurityException | OperatorCreationException failed) {
            throw new IllegalStateException(
                    "expected to sign the certificate authority; the Java runtime refused", failed);
        }
    }

    IssuedCertificate issue(
            CertificateProfile profile, KeyPair keys, Duration lifetime, Clock clock, SecureRandom random) {
        X500Name issuer =
                X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
        X509v3CertificateBuilder builder =
                builder(issuer, new X500Name("CN=" + profile.commonName()), keys.getPublic(), lifetime, clock, random);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            builder.addExtension(Extension.extendedKeyUsage, false, extendedKeyUsage(profile.usage()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(certificate().getPublicKey()));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
            if (!profile.alternativeNames().isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(profile.alternativeNames().toArray(GeneralName[]::new)));
            }
            KeyPair authorityKeys = new KeyPair(
                    certificate().getPublicKey(),
                    privateKey.orElseThrow(() -> new IllegalStateException("this authority has no key here")));
            return sign(builder, authorityKeys, keys, certificate().getSigAlgName());
        } catch (IOException | GeneralSecurityException | OperatorCreationException failed) {
            throw new IllegalStateException(
                    "expected to sign the certificate of " + profile.commonName() + "; the Java runtime refused",
                    failed);
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Duration lifetime, Clock clock, SecureRandom random) {
        Instant notBefore = clock.instant().minus(CLOCK_TOLERANCE);
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                Date.from(notBefore),
                Date.from(notBefore.plus(lifetime)),
                subject,
                key);
    }

    private static ExtendedKeyUsage extendedKeyUsage(Usage usage) {
        return switch (usage) {
            case CLIENT -> new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
            case SERVER_AND_CLIENT ->
                new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
        };
    }

    private static IssuedCertificate sign(
            X509v3CertificateBuilder builder, KeyPair signer, KeyPair subject, String signatureAlgorithm)
            throws OperatorCreationException, GeneralSecurityException {
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder(signatureAlgorithm).build(signer.getPrivate())));
        certificate.verify(signer.getPublic());
        return new IssuedCertificate(certificate, subject.getPrivate());
    }
}
