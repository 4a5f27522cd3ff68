package dev.etcddrill.deployment;

import java.util.regex.Pattern;

/** The checks that keep every file of a deployment inside its directory, whoever wrote the manifest. */
final class DeploymentPath {

    private static final Pattern HOST = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_@.-]+)+");
    private static final int LARGEST_MODE = 07777;

    private DeploymentPath() {}

    static void require(String host, String path, int mode, String owner, String group) {
        if (!HOST.matcher(host).matches() || host.contains("..")) {
            throw new IllegalArgumentException(
                    "expected a host name, found \"" + host + "\"; use a member's name or control-plane");
        }
        boolean climbs = false;
        for (String segment : path.split("/", -1)) {
            climbs |= segment.equals(".") || segment.equals("..");
        }
        if (climbs || !PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("expected an absolute path without . and .. segments, found \"" + path
                    + "\"; give one such as /etc/etcd/etcd.conf.yml");
        }
        if (mode < 0 || mode > LARGEST_MODE) {
            throw new IllegalArgumentException("expected a mode from 0 to 07777, found " + Integer.toOctalString(mode)
                    + "; give one such as 0640");
        }
        if (owner.isEmpty() || group.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected an owner and a group for " + path + ", found none; name them, for example root");
        }
    }

    static String formatMode(int mode) {
        String digits = Integer.toOctalString(mode);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }
}
