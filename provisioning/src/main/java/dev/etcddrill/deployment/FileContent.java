package dev.etcddrill.deployment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes of a file, immutable. Never shows them in {@link #toString}: they may be a private key. */
public final class FileContent {

    private final byte[] bytes;

    private FileContent(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of these bytes. */
    public static FileContent of(byte[] bytes) {
        return new FileContent(bytes.clone());
    }

    /** This text in UTF-8. */
    public static FileContent ofText(String text) {
        return new FileContent(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The bytes read as UTF-8 text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Number of bytes. */
    public int size() {
        return bytes.length;
    }

    /** SHA-256 of the bytes in lower-case hexadecimal. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("expected SHA-256, which every Java runtime has", impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileContent content && Arrays.equals(bytes, content.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The size only. */
    @Override
    public String toString() {
        return "FileContent[" + bytes.length + " bytes]";
    }
}
