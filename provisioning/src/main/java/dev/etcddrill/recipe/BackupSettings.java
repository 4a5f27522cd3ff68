package dev.etcddrill.recipe;

import dev.etcddrill.document.QuantityText;
import java.time.Duration;

/**
 * How snapshots are taken on a member.
 *
 * @param directory absolute path that snapshots are kept in; {@code /var/backups/etcd} when not stated (seed/guide.md)
 * @param keep number of newest verified snapshots that retention never deletes; 28 when not stated: the guide's seven
 *     days of one every six hours, but counted, so that days of failing backups delete nothing (docs/rules.md
 *     BAK-07)
 * @param commandTimeout longest time that fetching one snapshot may take; 5 min when not stated, because without a
 *     limit it waits for ever (BAK-03)
 */
public record BackupSettings(String directory, int keep, Duration commandTimeout) {

    /** Directory when the recipe states none. */
    public static final String DEFAULT_DIRECTORY = "/var/backups/etcd";
    /** Snapshots kept when the recipe states no number. */
    public static final int DEFAULT_KEEP = 28;
    /** Limit for fetching a snapshot when the recipe states none. */
    public static final Duration DEFAULT_COMMAND_TIMEOUT = Duration.ofMinutes(5);

    /** Largest number of snapshots to keep. */
    static final int LARGEST_KEEP = 10_000;

    /** Checks each value by itself. */
    public BackupSettings {
        PathText.requireAbsolute(directory);
        if (keep < 1 || keep > LARGEST_KEEP) {
            throw new IllegalArgumentException("expected to keep from 1 to " + LARGEST_KEEP + " snapshots, found "
                    + keep + "; give a number such as 28");
        }
        requireWholeSeconds(commandTimeout);
    }

    static Duration requireWholeSeconds(Duration timeout) {
        QuantityText.requirePositive(timeout);
        if (timeout.toNanosPart() != 0) {
            throw new IllegalArgumentException("expected a time of whole seconds, found " + QuantityText.format(timeout)
                    + "; give a time such as 300s");
        }
        return timeout;
    }
}
