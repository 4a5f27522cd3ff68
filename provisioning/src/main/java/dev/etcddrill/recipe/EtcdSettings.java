package dev.etcddrill.recipe;

import dev.etcddrill.document.QuantityText;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of etcd that are the same on every member.
 *
 * @param version release that is deployed
 * @param heartbeatInterval how often the leader beats; 100 ms when not stated (etcd's default; docs/rules.md
 *     CFG-03)
 * @param electionTimeout silence after which a follower stands for election; 1 s when not stated (etcd's default);
 *     whole milliseconds, at least 5 heartbeats, at least 10 round trips, at most 50 s (CFG-04)
 * @param quotaBackendBytes database size at which etcd stops accepting writes, in bytes. When not stated: half the
 *     host's memory, at most 8 GiB (docs/rules.md section 2 trap 17: the guide's 8 GiB on a host of 8 GB leaves
 *     nothing for anything else; CFG-07 for the ceiling, CFG-08 for memory)
 * @param snapshotCount Raft entries between two snapshots to disk; 10,000 when not stated (CFG-06)
 * @param dataDirectory absolute path of the database; {@code /var/lib/etcd} when not stated
 * @param walDirectory absolute path of the place for the write-ahead log, outside the data directory (CFG-10, trap 11);
 *     may be a device of its own; {@code /var/lib/etcd-wal} when not stated. etcd gets {@link #walSubdirectory()}
 * @param initialClusterToken keeps two clusters apart (TOP-10); the recipe's name when not stated
 * @param extra further keys of etcd.conf.yml, passed through as they are: plain text, whole number, decimal number,
 *     boolean, list or mapping. A key that a recipe field sets is refused; another key that the renderer writes (such
 *     as {@code log-level}) is overridden, and a mapping such as {@code peer-transport-security} is merged key by key
 */
public record EtcdSettings(
        EtcdVersion version,
        Duration heartbeatInterval,
        Duration electionTimeout,
        long quotaBackendBytes,
        long snapshotCount,
        String dataDirectory,
        String walDirectory,
        String initialClusterToken,
        Map<String, Object> extra) {

    /** Heartbeat when the recipe states none. */
    public static final Duration DEFAULT_HEARTBEAT_INTERVAL = Duration.ofMillis(100);
    /** Election timeout when the recipe states none. */
    public static final Duration DEFAULT_ELECTION_TIMEOUT = Duration.ofSeconds(1);
    /** Raft entries between snapshots when the recipe states none. */
    public static final long DEFAULT_SNAPSHOT_COUNT = 10_000;
    /** Database path when the recipe states none. */
    public static final String DEFAULT_DATA_DIRECTORY = "/var/lib/etcd";
    /** Place for the write-ahead log when the recipe states none. */
    public static final String DEFAULT_WAL_DIRECTORY = "/var/lib/etcd-wal";
    /** Largest quota that etcd supports without a warning: 8 GiB (docs/rules.md CFG-07). */
    public static final long LARGEST_QUOTA_BYTES = 8L << 30;

    /** Checks each value by itself and those that depend on each other. */
    public EtcdSettings {
        QuantityText.requirePositive(heartbeatInterval);
        QuantityText.requirePositive(electionTimeout);
        PathText.requireAbsolute(dataDirectory);
        PathText.requireAbsolute(walDirectory);
        requireToken(initialClusterToken);
        RecipeRules.requireNone(List.of(
                RecipeRules.supportedEtcd(version),
                RecipeRules.electionAgainstHeartbeat(heartbeatInterval, electionTimeout),
                RecipeRules.quota(quotaBackendBytes),
                RecipeRules.snapshotCount(snapshotCount),
                RecipeRules.directoriesApart(dataDirectory, walDirectory),
                RecipeRules.extraKeys(extra)));
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** Quota for hosts with this much memory when the recipe states none, in bytes. */
    public static long defaultQuotaBytes(HardwareSettings hardware) {
        return Math.min(LARGEST_QUOTA_BYTES, Math.max(1, hardware.memoryBytes() / 2));
    }

    /**
     * etcd's {@code wal-dir}: the directory {@code wal} in {@link #walDirectory()}. etcd makes a log as {@code wal-dir.tmp}
     * and renames it, so the directory around it has to belong to etcd's user ({@code mkdir /var/lib/etcd-wal.tmp:
     * permission denied} otherwise, seen with 3.6.16), and {@code wal-dir} itself cannot be a mount point.
     */
    public String walSubdirectory() {
        return walDirectory + "/wal";
    }

    /** The same settings with another etcd version. */
    public EtcdSettings withVersion(EtcdVersion other) {
        return new EtcdSettings(
                other,
                heartbeatInterval,
                electionTimeout,
                quotaBackendBytes,
                snapshotCount,
                dataDirectory,
                walDirectory,
                initialClusterToken,
                extra);
    }

    static String requireToken(String token) {
        if (!token.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException("expected a token of at most 100 letters, digits, dots, hyphens and"
                    + " underscores, found \"" + token + "\"; choose one such as etcd-cluster-1");
        }
        return token;
    }
}
