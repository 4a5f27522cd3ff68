package dev.etcddrill.drill;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.cluster.StartRefusedException;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.history.Observation;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator's procedures, done with the deployment's own scripts as its runbook says, and recorded. */
public final class Procedures {
    private static final String BACKUP_SCRIPT = "/usr/local/bin/etcd-backup.sh";
    private static final String RESTORE_SCRIPT = "/usr/local/bin/etcd-restore.sh";
    private static final Duration SCRIPT_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration RESTORED_PATIENCE = Duration.ofSeconds(40);
    /** As the runbook says. */
    private static final Duration PAUSE_BETWEEN_STARTS = Duration.ofSeconds(1);

    /** Several election timeouts: a member that is let in answers within one. */
    private static final Duration TAKING_PART_PATIENCE = Duration.ofSeconds(5);

    private static final Duration MOVE_DEADLINE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int LINES_TOLD = 8;
    private static final Pattern REVISION = Pattern.compile("\"revision\":(\\d+)");

    private Procedures() {}

    /**
     * Runs the backup script on a member.
     *
     * @throws StepNotDoneException where it left no file, after that was recorded
     */
    public static BackupFile backUp(Attempt attempt, EtcdCluster cluster, Member member) throws IOException {
        return tryBackUp(attempt, cluster, member)
                .orElseThrow(() -> new StepNotDoneException("the backup script left no file on member " + member.name()
                        + "; what it said is in probes.jsonl"));
    }

    /** Runs the backup script on a member, and records what came of it; empty where it left no file. */
    public static Optional<BackupFile> tryBackUp(Attempt attempt, EtcdCluster cluster, Member member)
            throws IOException {
        Duration started = attempt.clock().elapsed();
        CommandOutput output = member.run(SCRIPT_TIMEOUT, BACKUP_SCRIPT);
        Duration ended = attempt.clock().elapsed();
        String path = output.lastLine().strip();
        boolean left =
                output.exitCode() == 0 && path.startsWith("/") && member.host().hasFile(path);
        Optional<Long> revision = left ? revisionOf(member, path) : Optional.empty();
        attempt.observe(new Observation.Backup(
                ended,
                started,
                cluster.incarnation(),
                member.name(),
                output.exitCode(),
                left ? Optional.of(path) : Optional.empty(),
                revision,
                left ? "" : output.lastLines(LINES_TOLD)));
        return left ? Optional.of(new BackupFile(cluster.incarnation(), member, path, revision)) : Optional.empty();
    }

    /**
     * Gives the restore script of a host that has no data a damaged snapshot, and records what came of it.
     *
     * @param damage what was done to it, for people
     * @param name of the file; one that ends with .gz is an archive
     */
    public static void restoreDamaged(
            Attempt attempt, EtcdCluster target, Member member, String damage, String name, byte[] snapshot)
            throws IOException {
        String path = "/root/" + name;
        member.host().writeFile(path, snapshot);
        CommandOutput output = member.run(SCRIPT_TIMEOUT, RESTORE_SCRIPT, path);
        attempt.observe(new Observation.DamagedSnapshot(
                attempt.clock().elapsed(),
                target.incarnation(),
                member.name(),
                damage,
                output.exitCode(),
                member.host().hasFile(target.recipe().etcd().dataDirectory() + "/member"),
                output.lastLines(LINES_TOLD)));
    }

    /**
     * What etcdutl reads from the file itself; empty where it cannot, or where the SHA-256 at the end of the file is not that
     * of what is before it. "snapshot status" does not compare them, and reads many a file that was cut off.
     */
    private static Optional<Long> revisionOf(Member member, String path) {
        CommandOutput output = member.run(SCRIPT_TIMEOUT, "sh", "-c", """
                set -e
                file=$0
                case $file in
                  *.gz) gzip -dc "$file" >/tmp/backup.db; file=/tmp/backup.db ;;
                esac
                recorded=$(tail -c 32 "$file" | od -An -v -tx1 | tr -d ' \\n')
                actual=$(head -c -32 "$file" | sha256sum)
                [ "$recorded" = "${actual%% *}" ]
                etcdutl snapshot status -w json "$file"
                """, path);
        Matcher matcher = REVISION.matcher(output.text());
        return output.exitCode() == 0 && matcher.find()
                ? Optional.of(Long.parseLong(matcher.group(1)))
                : Optional.empty();
    }

    /**
     * Brings the file to every member of the target, runs the restore script on each, and starts them.
     *
     * @param target whose members do not run
     * @return why it failed, with the last lines; empty where the cluster is ready
     */
    public static Optional<String> restore(Attempt attempt, BackupFile backup, EtcdCluster target) throws IOException {
        for (Member member : target.members()) {
            if (!member.host().equals(backup.member().host())) {
                member.host().writeFile(backup.path(), backup.member().host().readFile(backup.path()));
            }
            member.completeStop();
            CommandOutput output = member.run(SCRIPT_TIMEOUT, RESTORE_SCRIPT, backup.path());
            if (output.exitCode() != 0) {
                return Optional.of(RESTORE_SCRIPT + " failed on member " + member.name() + " with exit code "
                        + output.exitCode() + ": " + output.lastLines(LINES_TOLD));
            }
        }
        try {
            Duration took = target.start(RESTORED_PATIENCE, PAUSE_BETWEEN_STARTS);
            attempt.observe(new Observation.Formation(
                    attempt.clock().elapsed(), target.incarnation(), true, took, "from the snapshot"));
            attempt.watchStatus(target);
            return Optional.empty();
        } catch (ClusterException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Starts a member whose data a fault took, from the deployed files, as somebody does who knows nothing of it; and waits
     * until it answers or ends, or for a while. Where it runs since an earlier such start, it is only looked at.
     */
    public static void startAfterDataLoss(Attempt attempt, FaultInjector.ActiveFault fault, Member member)
            throws InterruptedException {
        boolean refused = false;
        String detail = "";
        Duration started = attempt.clock().elapsed();
        try {
            if (!member.running()) {
                member.start();
            }
        } catch (StartRefusedException e) {
            refused = true;
            detail = e.getMessage();
        }
        attempt.observe(new Observation.StartAfterDataLoss(
                started, attempt.etcd().incarnation(), member.name(), fault.id(), refused, detail));
        Duration end = started.plus(TAKING_PART_PATIENCE);
        while (!refused
                && member.running()
                && attempt.clock().elapsed().compareTo(end) < 0
                && !attempt.answeredSince(member, started)) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
        // Else the end could be recorded after the next start, as if it were the end of that one.
        member.awaitExitTold();
    }

    /** Hands the leadership to another of some members that have it among them; does nothing where there is one only. */
    public static void moveLeader(Attempt attempt, List<Member> among) throws InterruptedException {
        Member leader = attempt.leader();
        Optional<Member> next =
                among.stream().filter(member -> !member.equals(leader)).findFirst();
        if (next.isEmpty()) {
            return;
        }
        try (MemberClient from = attempt.etcd().connect(leader);
                MemberClient to = attempt.etcd().connect(next.get())) {
            String id = to.status(MOVE_DEADLINE).header().memberId();
            from.moveLeader(id, MOVE_DEADLINE);
            attempt.mark(
                    leader.name() + " handed the leadership to " + next.get().name());
        } catch (StatusRuntimeException e) {
            throw new StepNotDoneException(leader.name() + " could not hand the leadership to "
                    + next.get().name() + ": " + e.getStatus());
        }
    }

    /**
     * A file that the backup script left.
     *
     * @param incarnation that it is a backup of
     * @param member on whose host it lies
     * @param path on that host
     * @param revision of the store in it, as etcdutl reads it; empty where it cannot, or where its checksum does not fit
     */
    public record BackupFile(String incarnation, Member member, String path, Optional<Long> revision) {
        public BackupFile {
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(path, "path");
            requireNonNull(revision, "revision");
        }

        /** Its name without directories. */
        public String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }
}
