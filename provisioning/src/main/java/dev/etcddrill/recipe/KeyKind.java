package dev.etcddrill.recipe;

/** Algorithm and size of every private key. */
public enum KeyKind {
    /** RSA with 2048 bits: the guide's kind, and the default. */
    RSA_2048("RSA-2048"),
    /** RSA with 3072 bits. */
    RSA_3072("RSA-3072"),
    /** RSA with 4096 bits; a handshake costs several times as much as with 2048. */
    RSA_4096("RSA-4096"),
    /** Elliptic curve P-256. */
    ECDSA_P256("ECDSA-P256");

    private final String text;

    KeyKind(String text) {
        this.text = text;
    }

    /** The word that stands for this kind in a recipe. */
    public String text() {
        return text;
    }
}
