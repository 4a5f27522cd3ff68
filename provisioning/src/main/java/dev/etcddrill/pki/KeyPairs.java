package dev.etcddrill.pki;

import dev.etcddrill.recipe.KeyKind;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
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
