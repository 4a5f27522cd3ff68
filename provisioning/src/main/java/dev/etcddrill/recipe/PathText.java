package dev.etcddrill.recipe;

import java.util.Set;
import java.util.regex.Pattern;

/** Absolute paths on a deployed host. They end up in shell scripts, so only harmless characters are allowed. */
final class PathText {

    private static final Pattern FORM = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9._-]*)+");

    /** Nothing of a cluster's data belongs into these (Filesystem Hierarchy Standard 3.0, chapters 3 to 6). */
    private static final Set<String> OF_THE_SYSTEM = Set.of(
            "/bin",
            "/boot",
            "/dev",
            "/etc",
            "/lib",
            "/lib32",
            "/lib64",
            "/proc",
            "/run",
            "/sbin",
            "/sys",
            "/usr",
            "/var/cache",
            "/var/lock",
            "/var/log",
            "/var/run");

    /** What is in these may be a cluster's; they themselves are not. */
    private static final Set<String> SHARED = Set.of(
            "/home",
            "/media",
            "/mnt",
            "/opt",
            "/root",
            "/srv",
            "/tmp",
            "/var",
            "/var/backups",
            "/var/lib",
            "/var/opt",
            "/var/spool",
            "/var/tmp");

    private PathText() {}

    static String requireAbsolute(String path) {
        if (!FORM.matcher(path).matches()) {
            throw new IllegalArgumentException("expected an absolute path of letters, digits, dots, hyphens and"
                    + " underscores without a trailing slash, found \"" + path
                    + "\"; give a path such as /var/lib/etcd");
        }
        if (SHARED.contains(path) || OF_THE_SYSTEM.stream().anyMatch(system -> isSameOrInside(path, system))) {
            throw new IllegalArgumentException("expected a directory of its own, found \"" + path
                    + "\", which is the system's: its owner and mode would be changed; give one such as /var/lib/etcd");
        }
        return path;
    }

    static boolean isSameOrInside(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }
}
