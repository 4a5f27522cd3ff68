package dev.etcddrill.pki;

import static java.util.Objects.requireNonNull;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * A certificate with its private key.
 *
 * @param certificate the certificate
 * @param privateKey its private key; never part of {@link #toString}
 */
public record IssuedCertificate(X509Certificate certificate, PrivateKey privateKey) {
    public IssuedCertificate {
        requireNonNull(certificate, "certificate");
        requireNonNull(privateKey, "privateKey");
    }

    /**
     * From PEM texts; nothing says yet that the key is the certificate's.
     *
     * @throws IllegalArgumentException where one of them is none; nothing of a key is in its message
     */
    public static IssuedCertificate ofPem(String certificate, String privateKey) {
        return new IssuedCertificate(Pem.certificate(certificate), Pem.privateKey(privateKey));
    }

    /** The certificate as PEM text. */
    public String certificatePem() {
        return Pem.of(certificate);
    }

    /** The private key as unencrypted PKCS#8 PEM text: a secret. etcd, Netty and OpenSSL read this form. */
    public String privateKeyPem() {
        return Pem.of(privateKey);
    }

    /** Names the certificate, and nothing of the key. */
    @Override
    public String toString() {
        return "IssuedCertificate[" + certificate.getSubjectX500Principal() + ", serial "
                + certificate.getSerialNumber().toString(16) + "]";
    }
}
