package dev.etcddrill.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Certificates and private keys as PEM text. No exception of it holds anything of what it read. */
final class Pem {
    private static final String BEGIN_CERTIFICATE = "-----BEGIN CERTIFICATE-----";
    private static final Pattern CERTIFICATE =
            Pattern.compile(BEGIN_CERTIFICATE + "[A-Za-z0-9+/=\\s]*-----END CERTIFICATE-----");

    private Pem() {}

    static String of(X509Certificate certificate) {
        return write(certificate);
    }

    /** As unencrypted PKCS#8: a secret. etcd, Netty and OpenSSL read this form. */
    static String of(PrivateKey key) {
        try {
            return write(new JcaPKCS8Generator(key, null));
        } catch (IOException impossible) {
            throw new UncheckedIOException(
                    "expected to encode a private key as PKCS#8; its kind is unknown", impossible);
        }
    }

    /**
     * The first certificate of a text.
     *
     * @throws IllegalArgumentException where there is none
     */
    static X509Certificate certificate(String text) {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            if (parser.readObject() instanceof X509CertificateHolder holder) {
                return new JcaX509CertificateConverter().getCertificate(holder);
            }
        } catch (IOException | CertificateException | RuntimeException unreadable) {
            throw new IllegalArgumentException("expected a certificate in PEM, found what cannot be read as one");
        }
        throw new IllegalArgumentException("expected a certificate in PEM, found none");
    }

    /**
     * Every certificate of a text, which may hold anything else beside them; empty where there is none.
     *
     * @throws IllegalArgumentException where one that begins cannot be read
     */
    static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = CERTIFICATE.matcher(text);
        while (block.find()) {
            certificates.add(certificate(block.group()));
        }
        long begun =
                text.lines().filter(line -> line.contains(BEGIN_CERTIFICATE)).count();
        if (begun > certificates.size()) {
            throw new IllegalArgumentException("expected certificates in PEM, found one that does not end");
        }
        return certificates;
    }

    /**
     * The first private key of a text.
     *
     * @throws IllegalArgumentException where there is none, or it is encrypted
     */
    static PrivateKey privateKey(String text) {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            Object content = parser.readObject();
            if (content instanceof PrivateKeyInfo key) {
                return new JcaPEMKeyConverter().getPrivateKey(key);
            } else if (content instanceof PEMKeyPair pair) {
                return new JcaPEMKeyConverter().getKeyPair(pair).getPrivate();
            }
        } catch (IOException | RuntimeException unreadable) {
            throw new IllegalArgumentException("expected a private key in PEM, found what cannot be read as one");
        }
        throw new IllegalArgumentException("expected a private key in PEM that is not encrypted, found none");
    }

    private static String write(Object content) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException("expected to write PEM to memory; it failed", impossible);
        }
        return text.toString();
    }
}
