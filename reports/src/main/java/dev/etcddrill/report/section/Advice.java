package dev.etcddrill.report.section;

import java.util.Map;

/**
 * What an operator can do, by id of the check that does not pass: the one place for it. Where a step is documented, the
 * document is named.
 */
final class Advice {
    /** For whatever is inconclusive. */
    static final String TOO_LITTLE_EVIDENCE =
            "Nothing is known to be wrong with the cluster. Look at the reason above; where the host stood still or was"
                    + " slow, run the same command again on an idle machine. If it stays inconclusive for the same"
                    + " reason, take it as a fault of the drill or of the machine, and do not count it as passed.";

    private static final String UNKNOWN_CHECK =
            "This check was added from outside; ask whoever wrote it. Keep the run directory: it holds all that is needed"
                    + " to look into it.";

    private static final Map<String, String> BY_CHECK = Map.ofEntries(
            Map.entry(
                    "durability",
                    "Do not put this cluster into production. Look first for unsafe-no-fsync in etcd.conf.yml and for"
                            + " storage that acknowledges before it writes (volatile cache, wrong mount options); then"
                            + " for a restore or a data directory that went back in time. If all of that is in order,"
                            + " keep the run directory and report it to etcd with the etcd version and the seed."),
            Map.entry(
                    "power-loss",
                    "Do not put this cluster into production. What was acknowledged had not reached the disk: remove"
                            + " unsafe-no-fsync from etcd.conf.yml, and on real machines use disks with power-loss"
                            + " protection or with the volatile write cache off. Then run the same command again."),
            Map.entry(
                    "data-loss",
                    "A member that lost its data, or got an older copy of it, was let in again: one more slow member, and"
                            + " acknowledged writes are gone. Keep it from starting before etcd does (the rendered unit runs"
                            + " etcd-data-guard.sh for that), see that etcd.conf.yml says initial-cluster-state: existing and"
                            + " names all members, and replace such a member as the runbook says, section 6."),
            Map.entry(
                    "revision-witness",
                    "Clients saw a state that no order of the writes explains. Compare the etcd version with the list of"
                            + " known faults (etcd CHANGELOG, data inconsistency), and update; members must not share or"
                            + " exchange data directories. Keep the run directory: it is the proof."),
            Map.entry(
                    "identity",
                    "Members do not belong to one cluster, or one went back in time. Compare initial-cluster,"
                            + " initial-cluster-token and the data directories of all members; after a restore every"
                            + " member must be restored from the same snapshot (etcd docs, op-guide/recovery). With"
                            + " Kubernetes on it: stop the kube-apiservers first."),
            Map.entry(
                    "divergence",
                    "Members of one cluster hold different data. Take a snapshot of each member before anything else;"
                            + " find the one that differs from the majority, remove it, empty its data directory and add"
                            + " it again (etcd docs, op-guide/data_corruption). Turn on InitialCorruptCheck and"
                            + " CompactHashCheck, and check the etcd version for known corruption."),
            Map.entry(
                    "recovery",
                    "The cluster came back, but later than the recipe allows, or not at all. See in the picture what was"
                            + " missing: no leader (election timeout against round-trip time), a member that stays down"
                            + " (its etcd.log in the run directory), slow disk (idle fdatasync below). Correct that, or"
                            + " state an objective in the recipe that can be kept."),
            Map.entry(
                    "leader-loss",
                    "Without a leader nothing can be written, so kube-apiserver stands still for as long. Compare the"
                            + " election timeout with the round-trip time (etcd docs, tuning: ten times that) and see"
                            + " that it is the same on all members; look for slow disks. Stop members with SIGTERM, so"
                            + " that the leader hands over first. Or state an objective that can be kept."),
            Map.entry(
                    "quorum-tolerance",
                    "If a survivor did not go on although a majority was alive: look at the links between exactly these"
                            + " members and at their certificates, which nobody needs while all are up. If something"
                            + " was acknowledged without a majority: do not put this cluster into production, two"
                            + " clusters may answer at these addresses; compare the cluster ids below."),
            Map.entry(
                    "restore",
                    "Do not rely on this backup. Take a snapshot by hand and check it (etcdutl snapshot status, and the"
                            + " SHA-256 at its end), then restore it into an empty directory with etcdutl snapshot"
                            + " restore --bump-revision 1000000000 --mark-compacted (etcd docs, op-guide/recovery);"
                            + " compare the backup and restore scripts with these steps, and drill again."),
            Map.entry(
                    "backup",
                    "Do not rely on these backups. Have the backup script ask only a member that answers a linearizable"
                            + " read just before (the leader best), end with a status other than 0 where there is none,"
                            + " and have the restore script check the SHA-256 at the snapshot's end before it touches any"
                            + " data (docs/rules.md BAK-04, BAK-05). Take a new backup now, and drill again."),
            Map.entry(
                    "compaction",
                    "Do not put this cluster into production: a member answers from history that is gone, or refuses what"
                            + " is there, and controllers that list and watch by revision would act on it. Compare the"
                            + " members' versions and look for known corruption of that version (etcd docs,"
                            + " op-guide/data_corruption); then report it to etcd with the etcd version and the seed."),
            Map.entry(
                    "unsafe-settings",
                    "Do not put this cluster into production. Take the setting out of the recipe (extra) or out of"
                            + " etcd.conf.yml, render again, and restart the members one after the other. Both settings"
                            + " are for recovery by hand or for tests only (etcd docs, op-guide/configuration)."),
            Map.entry(
                    "cuts",
                    "If a member that was cut off acknowledged or answered something: do not put this cluster into"
                            + " production, and report it to etcd with the etcd version and the seed. If the majority"
                            + " resumed too late: compare the election timeout with the round-trip time (etcd docs,"
                            + " tuning), see that it is the same on all members, and look for slow disks. Or state an"
                            + " objective that can be kept."),
            Map.entry(
                    "latency",
                    "Members are far apart for the election timeout that they have. Raise heartbeat-interval to about the"
                            + " round-trip time and election-timeout to ten times that, the same on all members (etcd"
                            + " docs, tuning), or bring the members nearer to one another."),
            Map.entry("evidence", TOO_LITTLE_EVIDENCE),
            Map.entry(
                    "formation",
                    "The rendered files do not make a cluster. The last log lines of the member above say why; look at"
                            + " names and addresses in initial-cluster, at whose certificate a member has, and at ports"
                            + " in use. Nothing else in this run counts before that."),
            Map.entry(
                    "server-log",
                    "A member ended by itself or found its data damaged. Read its etcd.log in the run directory from the"
                            + " line above on; compare with the etcd CHANGELOG of newer versions. With damage: do not"
                            + " restart it on that data, but replace the member (etcd docs,"
                            + " op-guide/data_corruption)."));

    private Advice() {}

    /** What to do after a check failed. */
    static String afterFailure(String check) {
        return BY_CHECK.getOrDefault(check, UNKNOWN_CHECK);
    }

    /** Whether there is an advice of its own for the check. */
    static boolean knows(String check) {
        return BY_CHECK.containsKey(check);
    }
}
