package dev.etcddrill.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * A certificate with its private key.
 *
 * @param certificate the certificate
 * @param privateKey its private key; never part of {@link #toString}
 */
public record IssuedCertificate(X509Certificate certificate, PrivateKey privateKey) {

    /** The certificate as PEM text. */
    public String certificatePem() {
        return pem(certificate);
    }

    /** The private key as unencrypted PKCS#8 PEM text: a secret. etcd, Netty and OpenSSL read this form. */
    public String privateKeyPem() {
        try {
            return pem(new JcaPKCS8Generator(privateKey, null));
        } catch (IOException impossible) {
            throw new UncheckedIOException(
                    "expected to encode a private key as PKCS#8; its kind is unknown", impossible);
        }
    }

    /** Names the certificate, and nothing of the key. */
    @Override
    public String toString() {
        return "IssuedCertificate[" + certificate.getSubjectX500Principal() + ", serial "
                + certificate.getSerialNumber().toString(16) + "]";
    }

    private static String pem(Object content) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException("expected to write PEM to memory; it failed", impossible);
        }
        return text.toString();
    }
}
