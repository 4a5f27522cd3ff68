package dev.etcddrill.recipe;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A released Kubernetes version, such as 1.36.3.
 *
 * @param major first number
 * @param minor second number; kubeadm's configuration API changes with it
 * @param patch third number
 */
public record KubernetesVersion(int major, int minor, int patch) implements Comparable<KubernetesVersion> {

    private static final Pattern FORM = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
    private static final Comparator<KubernetesVersion> ORDER = Comparator.comparingInt(KubernetesVersion::major)
            .thenComparingInt(KubernetesVersion::minor)
            .thenComparingInt(KubernetesVersion::patch);

    /** Checks that no number is negative. */
    public KubernetesVersion {
        if (major < 0 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException("expected version numbers of 0 or more, found " + major + "." + minor
                    + "." + patch + "; give a released Kubernetes version");
        }
    }

    /**
     * Reads {@code x.y.z}, with or without a leading {@code v}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static KubernetesVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a Kubernetes version of the form x.y.z, found \"" + text
                    + "\"; give the full version, for example 1.36.3");
        }
        return new KubernetesVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    /** Whether this version belongs to the given minor release line or a later one. */
    public boolean isAtLeastMinor(int otherMajor, int otherMinor) {
        return major > otherMajor || (major == otherMajor && minor >= otherMinor);
    }

    @Override
    public int compareTo(KubernetesVersion other) {
        return ORDER.compare(this, other);
    }

    /** The form {@code x.y.z}, without a leading {@code v}. */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
