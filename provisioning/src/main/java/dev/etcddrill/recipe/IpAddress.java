package dev.etcddrill.recipe;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 address. Octets are decimal without leading zeros, because {@code 010} is eight to some programs and ten to
 * others.
 *
 * @param text the dotted form, such as {@code 10.0.1.10}
 */
public record IpAddress(String text) implements Comparable<IpAddress> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final int OCTETS = 4;
    private static final int OCTET_BITS = 8;
    private static final int LARGEST_OCTET = 255;
    private static final long LARGEST = 0xFFFF_FFFFL;

    /** Checks the form. */
    public IpAddress {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw malformed(text);
        }
        for (int octet = 1; octet <= OCTETS; octet++) {
            String digits = matcher.group(octet);
            if (Integer.parseInt(digits) > LARGEST_OCTET || (digits.length() > 1 && digits.startsWith("0"))) {
                throw malformed(text);
            }
        }
    }

    /**
     * Reads the dotted form.
     *
     * @throws IllegalArgumentException when the text is no IPv4 address
     */
    public static IpAddress parse(String text) {
        return new IpAddress(text);
    }

    /** The address with these 32 bits, given as an unsigned number. */
    static IpAddress ofBits(long bits) {
        if (bits < 0 || bits > LARGEST) {
            throw new IllegalArgumentException("expected 32 address bits, found " + bits + "; give an IPv4 address");
        }
        StringBuilder dotted = new StringBuilder();
        for (int octet = OCTETS - 1; octet >= 0; octet--) {
            dotted.append((bits >>> (octet * OCTET_BITS)) & LARGEST_OCTET);
            if (octet > 0) {
                dotted.append('.');
            }
        }
        return new IpAddress(dotted.toString());
    }

    /** The 32 bits as an unsigned number. */
    long bits() {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw malformed(text);
        }
        long bits = 0;
        for (int octet = 1; octet <= OCTETS; octet++) {
            bits = (bits << OCTET_BITS) | Integer.parseInt(matcher.group(octet));
        }
        return bits;
    }

    @Override
    public int compareTo(IpAddress other) {
        return Long.compare(bits(), other.bits());
    }

    /** The dotted form. */
    @Override
    public String toString() {
        return text;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("expected an IPv4 address of four decimal numbers from 0 to 255, found \""
                + text + "\"; give an address such as 10.0.1.10");
    }
}
