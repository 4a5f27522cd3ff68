package dev.etcddrill.recipe;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 subnet in CIDR form.
 *
 * @param network the subnet's own address: no host bit is set
 * @param prefixLength number of leading bits that all its addresses share, 0 to 32
 */
public record Subnet(IpAddress network, int prefixLength) {

    private static final int ADDRESS_BITS = 32;
    private static final Pattern FORM = Pattern.compile("([^/]+)/(\\d{1,2})");

    /** Checks that the prefix length fits and that no host bit is set (docs/rules.md N15). */
    public Subnet {
        if (prefixLength < 0 || prefixLength > ADDRESS_BITS) {
            throw new IllegalArgumentException("expected a prefix length from 0 to 32, found " + prefixLength
                    + "; give a subnet such as 10.0.1.0/24");
        }
        if ((network.bits() & hostMask(prefixLength)) != 0) {
            throw new IllegalArgumentException("expected a subnet without host bits, found " + network + "/"
                    + prefixLength + "; write "
                    + IpAddress.ofBits(network.bits() & ~hostMask(prefixLength)) + "/" + prefixLength);
        }
    }

    /**
     * Reads the CIDR form.
     *
     * @throws IllegalArgumentException when the text has another form or host bits are set
     */
    public static Subnet parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a subnet of the form address/prefix, found \"" + text
                    + "\"; give a subnet such as 10.0.1.0/24");
        }
        return new Subnet(IpAddress.parse(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Whether the address lies in this subnet, its first and last address included. */
    public boolean contains(IpAddress address) {
        return (address.bits() & ~hostMask(prefixLength)) == network.bits();
    }

    /** Whether a host may have this address: it lies here and is neither the subnet's own nor its broadcast address. */
    public boolean isHostAddress(IpAddress address) {
        return contains(address) && !address.equals(network) && address.bits() != lastBits();
    }

    /** Whether any address lies in both subnets. */
    public boolean overlaps(Subnet other) {
        return contains(other.network) || other.contains(network);
    }

    /**
     * The lowest host address that is not taken, for a gateway, a bridge or a new host.
     *
     * @param taken addresses in use
     * @throws IllegalStateException when every host address is taken
     */
    public IpAddress firstFreeAddress(Set<IpAddress> taken) {
        for (long bits = network.bits() + 1; bits < lastBits(); bits++) {
            IpAddress candidate = IpAddress.ofBits(bits);
            if (!taken.contains(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("expected a free host address in " + this + ", but all "
                + Math.max(0, lastBits() - network.bits() - 1) + " are taken; use a larger subnet");
    }

    /**
     * The highest host address that is not taken.
     *
     * @param taken addresses in use
     * @throws IllegalStateException when every host address is taken
     */
    public IpAddress lastFreeAddress(Set<IpAddress> taken) {
        for (long bits = lastBits() - 1; bits > network.bits(); bits--) {
            IpAddress candidate = IpAddress.ofBits(bits);
            if (!taken.contains(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException(
                "expected a free host address in " + this + ", but all are taken; use a larger subnet");
    }

    /** The CIDR form. */
    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }

    private long lastBits() {
        return network.bits() | hostMask(prefixLength);
    }

    private static long hostMask(int prefixLength) {
        return (1L << (ADDRESS_BITS - prefixLength)) - 1;
    }
}
