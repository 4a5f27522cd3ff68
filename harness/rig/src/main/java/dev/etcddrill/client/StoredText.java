package dev.etcddrill.client;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How keys and values that are no short text look in a history. What is not printable UTF-8 is {@code bytes:} and its
 * hexadecimal form. A large value is {@code large:SIZE:NAME}, which stands for that many bytes: the line NAME over and over; it
 * is told by that name only if every byte is right.
 */
final class StoredText {
    /** From this many bytes on a value is told by name. */
    static final int LARGE = 1 << 16;

    private static final int LONGEST_NAME = 100;

    private static final String BYTES = "bytes:";
    private static final Pattern LARGE_VALUE = Pattern.compile("large:(\\d{1,9}):([\\w-]+)");

    private StoredText() {}

    static ByteString keyBytes(String text) {
        return text.startsWith(BYTES)
                ? ByteString.copyFrom(HexFormat.of().parseHex(text.substring(BYTES.length())))
                : ByteString.copyFromUtf8(text);
    }

    static String keyText(ByteString bytes) {
        return text(bytes);
    }

    static ByteString valueBytes(String text) {
        Matcher large = LARGE_VALUE.matcher(text);
        return large.matches()
                ? ByteString.copyFrom(repeated(large.group(2), Integer.parseInt(large.group(1))))
                : keyBytes(text);
    }

    static String valueText(ByteString bytes) {
        if (bytes.size() < LARGE) {
            return text(bytes);
        }
        byte[] content = bytes.toByteArray();
        int line = 0;
        while (line < LONGEST_NAME && content[line] != '\n') {
            line++;
        }
        if (line < LONGEST_NAME) {
            String name = new String(content, 0, line, StandardCharsets.UTF_8);
            String told = "large:" + content.length + ":" + name;
            if (LARGE_VALUE.matcher(told).matches()
                    && java.util.Arrays.equals(content, repeated(name, content.length))) {
                return told;
            }
        }
        return "large:" + content.length + ":SHA-256 " + sha256(content);
    }

    private static byte[] repeated(String name, int size) {
        byte[] line = (name + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[size];
        for (int at = 0; at < size; at += line.length) {
            System.arraycopy(line, 0, content, at, Math.min(line.length, size - at));
        }
        return content;
    }

    private static String text(ByteString bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            boolean plain = text.chars().noneMatch(Character::isISOControl) && !text.startsWith(BYTES);
            return plain ? text : hexadecimal(bytes);
        } catch (CharacterCodingException e) {
            return hexadecimal(bytes);
        }
    }

    private static String hexadecimal(ByteString bytes) {
        return BYTES + HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
