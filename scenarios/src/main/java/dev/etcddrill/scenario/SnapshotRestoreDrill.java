package dev.etcddrill.scenario;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.drill.Procedures;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.history.Observation;
import dev.etcddrill.junit.EtcdDrill;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.IpAddress;
import dev.etcddrill.recipe.MemberRecipe;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Snapshots are taken under load by the rendered backup script, and restored by the rendered restore script: once into a
 * new cluster beside the old one, once in the place of a cluster that lost its majority for good.
 */
@EtcdDrill("snapshot-restore")
class SnapshotRestoreDrill {
    /** Each on another member, of a cluster of three. */
    private static final int BACKUPS = 3;

    /** How far before the snapshot a client that lived through the restore last looked. */
    private static final long OLD_WATCH_REVISIONS = 10;

    private static final String BACKUP_UNDER_LOAD = "run the backup script under load, wait for writes after it";
    static final String COMPARE = "compare, watch from an old revision, write";

    private static final Duration WATCH_PATIENCE = Duration.ofSeconds(5);

    private static final String BESIDE = "restored beside the old cluster";
    private static final String CUT_OFF = "backed up while a member was cut off";
    private static final String IN_PLACE = "restored after a majority was lost for good";

    static final DrillDefinition DEFINITION = new DrillDefinition(
                    "snapshot-restore",
                    "snapshot and restore",
                    "The rendered scripts bring back exactly the snapshot's keys, at a revision that no client has seen, and tell"
                            + " watches from before that they were compacted; they take no backup that could miss acknowledged"
                            + " writes, and restore no damaged one.",
                    "etcd docs, op-guide/recovery, \"Restoring with revision bump\"",
                    Drills.checksWith("backup", "restore"),
                    Set.of(Capability.OWN_HOSTS, Capability.PARTITIONS),
                    false,
                    recipe -> List.of(BESIDE, IN_PLACE, CUT_OFF))
            .in(DrillDefinition.SMOKE);

    @Test
    void snapshotsBringBackExactlyTheirKeys(DrillExecution drill) {
        run(drill);
    }

    static void run(DrillExecution drill) {
        for (int repetition = 1; repetition <= drill.session().tries(); repetition++) {
            beside(drill, repetition);
            inPlace(drill, repetition);
            cutOff(drill, repetition);
        }
    }

    static void beside(DrillExecution drill, int repetition) {
        attempt(
                drill,
                BESIDE,
                repetition,
                Set.of(),
                List.of(
                        BACKUPS + " times: " + BACKUP_UNDER_LOAD,
                        "restore each of them on new hosts while the old cluster serves; before the last one give the"
                                + " restore script damaged copies of it",
                        COMPARE),
                SnapshotRestoreDrill::restoreBeside);
    }

    static void inPlace(DrillExecution drill, int repetition) {
        attempt(
                drill,
                IN_PLACE,
                repetition,
                Set.of(),
                List.of(
                        BACKUP_UNDER_LOAD,
                        "kill a majority and remove its data, end the rest, restore in place",
                        COMPARE),
                SnapshotRestoreDrill::restoreInPlace);
    }

    static void cutOff(DrillExecution drill, int repetition) {
        attempt(
                drill,
                CUT_OFF,
                repetition,
                Set.of(Capability.PARTITIONS),
                List.of(
                        "isolate the leader, run the backup script on it and on another member",
                        "lift it, wait for full health",
                        "restore what was kept on new hosts while the old cluster serves",
                        COMPARE),
                SnapshotRestoreDrill::backUpWhileCutOff);
    }

    private static void attempt(
            DrillExecution drill,
            String coverageClass,
            int repetition,
            Set<Capability> capabilities,
            List<String> steps,
            DrillExecution.Body body) {
        drill.attempt(coverageClass, drill.seed(coverageClass + "/" + repetition), steps, capabilities, false, body);
        List<String> classes = drill.plan().requiredClasses();
        drill.progress((classes.indexOf(coverageClass) + 1) + " of " + classes.size() + " classes   " + coverageClass);
    }

    /** Forms a cluster that nobody writes to, backs it up, and restores that on new hosts. */
    static void restoreNeverWritten(Attempt attempt) throws InterruptedException, IOException {
        ClusterRecipe recipe = onOtherAddresses(attempt.etcd().recipe(), "-empty", Set.of());
        EtcdCluster empty = attempt.anotherCluster(recipe, attempt.renderFor(recipe));
        attempt.form(empty);
        attempt.watchStatus(empty);
        attempt.recordStates(empty, "end");
        Random random = new Random(attempt.plan().seed());
        Member any = empty.members().get(random.nextInt(empty.members().size()));
        restoreAndCompare(attempt, Procedures.backUp(attempt, empty, any), newHosts(attempt, recipe.addresses()));
    }

    /** Runs the backup script on a member, and waits for writes after it. */
    static Procedures.BackupFile backUp(Attempt attempt, Member member) throws InterruptedException, IOException {
        Procedures.BackupFile backup = Procedures.backUp(attempt, attempt.etcd(), member);
        awaitWrites(attempt, attempt.etcd().members());
        return backup;
    }

    private static void awaitWrites(Attempt attempt, List<Member> members) throws InterruptedException {
        attempt.counter()
                .await(
                        counts -> members.stream()
                                .allMatch(member -> counts.of(member.name()).acknowledgedWrites() >= 5),
                        Duration.ofSeconds(20));
    }

    /**
     * Restores a backup on new hosts while the old cluster serves.
     *
     * @param look what else to look at in the restored cluster
     */
    static void restoreOnNewHosts(Attempt attempt, Procedures.BackupFile backup, Consumer<EtcdCluster> look)
            throws InterruptedException, IOException {
        EtcdCluster target = newHosts(attempt);
        if (restoreAndCompare(attempt, backup, target)) {
            look.accept(target);
        }
        attempt.endOf(target);
    }

    private static void restoreBeside(Attempt attempt) throws InterruptedException, IOException {
        List<Procedures.BackupFile> backups = new ArrayList<>();
        List<Member> members = attempt.etcd().members();
        for (int number = 0; number < BACKUPS; number++) {
            backups.add(backUp(attempt, members.get(number % members.size())));
        }
        for (Procedures.BackupFile backup : backups) {
            EtcdCluster target = newHosts(attempt);
            // One that etcdutl cannot read is damaged already.
            if (backup.equals(backups.get(BACKUPS - 1)) && backup.revision().isPresent()) {
                restoreDamaged(attempt, backup, target);
            }
            restoreAndCompare(attempt, backup, target);
            attempt.endOf(target);
        }
    }

    private static void restoreDamaged(Attempt attempt, Procedures.BackupFile backup, EtcdCluster target)
            throws IOException {
        byte[] snapshot =
                SnapshotDamage.snapshotIn(backup.path(), backup.member().host().readFile(backup.path()));
        Random random = new Random(attempt.plan().seed());
        for (SnapshotDamage damage : SnapshotDamage.values()) {
            Procedures.restoreDamaged(
                    attempt,
                    target,
                    target.members().get(0),
                    damage.toString(),
                    damage.file(),
                    damage.of(snapshot, random));
        }
    }

    private static EtcdCluster newHosts(Attempt attempt) throws IOException {
        return newHosts(attempt, Set.of());
    }

    private static EtcdCluster newHosts(Attempt attempt, Collection<IpAddress> taken) throws IOException {
        ClusterRecipe other = onOtherAddresses(attempt.etcd().recipe(), "-restored", taken);
        return attempt.anotherCluster(other, attempt.renderFor(other));
    }

    private static void backUpWhileCutOff(Attempt attempt) throws InterruptedException, IOException {
        FaultInjector.ActiveFault isolated = attempt.inject(
                new PlannedFault("cut-off", FaultTypes.ISOLATE, new FaultTarget.Leader(), Map.of()),
                new Random(attempt.plan().seed()));
        List<Member> others = attempt.etcd().members().stream()
                .filter(member -> !isolated.hurt().contains(member.name()))
                .toList();
        awaitWrites(attempt, others);
        List<Procedures.BackupFile> kept = new ArrayList<>();
        Procedures.tryBackUp(
                        attempt,
                        attempt.etcd(),
                        attempt.etcd().member(isolated.hurt().get(0)))
                .ifPresent(kept::add);
        Procedures.tryBackUp(attempt, attempt.etcd(), others.get(0)).ifPresent(kept::add);
        attempt.liftAndRecover(isolated);
        awaitWrites(attempt, attempt.etcd().members());
        for (Procedures.BackupFile backup : kept) {
            restoreOnNewHosts(attempt, backup, restored -> {});
        }
    }

    private static void restoreInPlace(Attempt attempt) throws InterruptedException, IOException {
        EtcdCluster etcd = attempt.etcd();
        Random random = new Random(attempt.plan().seed());
        Procedures.BackupFile backup =
                backUp(attempt, etcd.members().get(random.nextInt(etcd.members().size())));
        int majority = etcd.members().size() / 2 + 1;
        List<Member> lost = etcd.members().subList(0, majority);
        attempt.inject("majority-lost", FaultTypes.DATA_LOSS, lost, "a majority is lost for good");
        attempt.stopLoad();
        attempt.mark("the operator ends the survivors and restores in place");
        etcd.members().subList(majority, etcd.members().size()).forEach(Member::kill);
        restoreAndCompare(attempt, backup, attempt.inPlaceOf(etcd));
    }

    /** Returns whether it could be restored. */
    private static boolean restoreAndCompare(Attempt attempt, Procedures.BackupFile backup, EtcdCluster target)
            throws InterruptedException, IOException {
        Optional<String> failure = Procedures.restore(attempt, backup, target);
        attempt.observe(new Observation.Restore(
                attempt.clock().elapsed(),
                target.incarnation(),
                backup.incarnation(),
                backup.name(),
                backup.revision(),
                failure.isEmpty(),
                failure.orElse("")));
        if (failure.isPresent()) {
            return false;
        }
        attempt.recordStates(target, "restored");
        watchFromBefore(attempt, backup, target);
        attempt.useBriefly(target);
        attempt.recordStates(target, "end");
        return true;
    }

    private static void watchFromBefore(Attempt attempt, Procedures.BackupFile backup, EtcdCluster target) {
        Member member = target.members().get(0);
        long from = Math.max(2, backup.revision().orElse(OLD_WATCH_REVISIONS) - OLD_WATCH_REVISIONS);
        Optional<Long> compacted = Optional.empty();
        long events = 0;
        String detail = "";
        try (MemberClient client = target.connect(member)) {
            MemberClient.WatchAnswer answer = client.watchFrom(from, WATCH_PATIENCE);
            compacted = answer.compactRevision();
            events = answer.events();
        } catch (StatusRuntimeException e) {
            detail = "the watch broke: " + e.getStatus();
        }
        attempt.observe(new Observation.OldWatch(
                attempt.clock().elapsed(), target.incarnation(), member.name(), from, compacted, events, detail));
    }

    /** The same cluster on hosts with the subnet's next free addresses. */
    private static ClusterRecipe onOtherAddresses(
            ClusterRecipe recipe, String suffix, Collection<IpAddress> alsoTaken) {
        Set<IpAddress> taken = new HashSet<>(recipe.addresses());
        taken.addAll(alsoTaken);
        // The first free address is this JVM's own.
        taken.add(recipe.network().subnet().firstFreeAddress(new HashSet<>(recipe.addresses())));
        Map<String, IpAddress> addresses = new LinkedHashMap<>();
        for (MemberRecipe member : new ArrayList<>(recipe.members())) {
            IpAddress address = recipe.network().subnet().firstFreeAddress(taken);
            taken.add(address);
            addresses.put(member.name(), address);
        }
        return recipe.withName(recipe.name() + suffix).withAddresses(addresses);
    }
}
