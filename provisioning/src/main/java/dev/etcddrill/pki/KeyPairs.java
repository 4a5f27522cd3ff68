package dev.etcddrill.pki;

import dev.etcddrill.recipe.KeyKind;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Key generation. Almost all the time of a first rendering is spent here, so keys are made in parallel. */
final class KeyPairs {

    private KeyPairs() {}

    /** That many key pairs, made on all processors; the generator has to be safe for use by several threads. */
    static List<KeyPair> generate(KeyKind kind, int count, SecureRandom random) {
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(index -> generate(kind, random))
                .toList();
    }

    /** The kind of a key; empty where it is none that recipes know. */
    static Optional<KeyKind> kindOf(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return switch (rsa.getModulus().bitLength()) {
                case 2048 -> Optional.of(KeyKind.RSA_2048);
                case 3072 -> Optional.of(KeyKind.RSA_3072);
                case 4096 -> Optional.of(KeyKind.RSA_4096);
                default -> Optional.empty();
            };
        }
        return key instanceof ECPublicKey curve
                        && curve.getParams().getCurve().getField().getFieldSize() == 256
                ? Optional.of(KeyKind.ECDSA_P256)
                : Optional.empty();
    }

    /**
     * Whether they are a pair: RSA keys share their modulus; what the one of a curve signs the other verifies. Signing
     * with each RSA key would take a sixth of a second rendering (docs/performance.md).
     */
    static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        if (publicKey instanceof RSAPublicKey rsa) {
            return privateKey instanceof RSAPrivateKey own && own.getModulus().equals(rsa.getModulus());
        }
        byte[] content = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(privateKey);
            signature.update(content);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(content);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    static String signatureAlgorithm(KeyKind kind) {
        return switch (kind) {
            case RSA_2048, RSA_3072, RSA_4096 -> "SHA256withRSA";
            case ECDSA_P256 -> "SHA256withECDSA";
        };
    }

    private static KeyPair generate(KeyKind kind, SecureRandom random) {
        try {
            return switch (kind) {
                case RSA_2048 -> rsa(2048, random);
                case RSA_3072 -> rsa(3072, random);
                case RSA_4096 -> rsa(4096, random);
                case ECDSA_P256 -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
                    yield generator.generateKeyPair();
                }
            };
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException missing) {
            throw new IllegalStateException(
                    "expected a Java runtime with keys of kind " + kind.text() + "; use a full JDK 17", missing);
        }
    }

    private static KeyPair rsa(int bits, SecureRandom random) throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits, random);
        return generator.generateKeyPair();
    }
}
