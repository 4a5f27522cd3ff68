package dev.etcddrill.distribution;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.recipe.EtcdVersion;
import java.nio.file.Path;

/**
 * The three programs of one etcd version on this machine.
 *
 * @param origin how they were found, in a few words for the report
 */
public record Distribution(EtcdVersion version, Path etcd, Path etcdctl, Path etcdutl, String origin) {
    public Distribution {
        requireNonNull(version, "version");
        requireNonNull(etcd, "etcd");
        requireNonNull(etcdctl, "etcdctl");
        requireNonNull(etcdutl, "etcdutl");
        requireNonNull(origin, "origin");
    }

    static Distribution in(Path directory, EtcdVersion version, String origin) {
        return new Distribution(
                version, directory.resolve("etcd"), directory.resolve("etcdctl"), directory.resolve("etcdutl"), origin);
    }
}
