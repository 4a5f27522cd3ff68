package dev.etcddrill.recipe;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A released etcd version, such as 3.6.16.
 *
 * @param major first number
 * @param minor second number; configuration keys and tools change with it
 * @param patch third number
 */
public record EtcdVersion(int major, int minor, int patch) implements Comparable<EtcdVersion> {

    private static final Pattern FORM = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
    private static final Comparator<EtcdVersion> ORDER = Comparator.comparingInt(EtcdVersion::major)
            .thenComparingInt(EtcdVersion::minor)
            .thenComparingInt(EtcdVersion::patch);

    /** Checks that no number is negative. */
    public EtcdVersion {
        if (major < 0 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException("expected version numbers of 0 or more, found " + major + "." + minor
                    + "." + patch + "; give a released etcd version");
        }
    }

    /**
     * Reads {@code x.y.z}, with or without a leading {@code v}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static EtcdVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected an etcd version of the form x.y.z, found \"" + text
                    + "\"; give the full version, for example 3.6.16");
        }
        return new EtcdVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    /** Whether this version is {@code other} or a later one. */
    public boolean isAtLeast(EtcdVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(EtcdVersion other) {
        return ORDER.compare(this, other);
    }

    /** The form {@code x.y.z}, without a leading {@code v}. */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
