package dev.etcddrill.recipe;

import java.util.regex.Pattern;

/** Absolute paths on a deployed host. They end up in shell scripts, so only harmless characters are allowed. */
final class PathText {

    private static final Pattern FORM = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9._-]*)+");

    private PathText() {}

    static String requireAbsolute(String path) {
        if (!FORM.matcher(path).matches()) {
            throw new IllegalArgumentException("expected an absolute path of letters, digits, dots, hyphens and"
                    + " underscores without a trailing slash, found \"" + path
                    + "\"; give a path such as /var/lib/etcd");
        }
        return path;
    }

    static boolean isSameOrInside(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }
}
