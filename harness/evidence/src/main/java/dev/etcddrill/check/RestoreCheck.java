package dev.etcddrill.check;

import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A snapshot under load restores to exactly its keys, and nobody who lived through it can mistake old for new. */
public final class RestoreCheck implements Check {
    /**
     * By how much a restore must raise the revision: informers and caches go by revision, and must never meet an old one
     * with new content (etcd docs, op-guide/recovery, "Restoring with revision bump").
     */
    private static final long REVISION_BUMP = 1_000_000_000L;

    @Override
    public String id() {
        return "restore";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "A restored cluster is a new one, holds exactly the snapshot's keys, every revision in it is above the snapshot's by the"
                        + " promised bump, and a watch from before is told that its revision was compacted.",
                "etcd docs, op-guide/recovery: restoring a cluster, restoring with revision bump; issue 4, drill 3");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        List<Incarnation> incarnations = Incarnation.of(evidence);
        HostStalls stalls = new HostStalls(evidence.observations());
        backups(evidence, stalls, findings);
        int restores = 0;
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.Restore restore) {
                restores++;
                restored(restore, evidence, incarnations, stalls, findings);
            }
        }
        if (restores == 0) {
            findings.inconclusive("No snapshot was restored.");
        }
        findings.evidence(Wording.count(restores, "restore") + " judged");
        return findings.result();
    }

    private static void backups(AttemptEvidence evidence, HostStalls stalls, Findings findings) {
        int good = 0;
        Set<String> restored = evidence.observations().stream()
                .filter(Observation.Restore.class::isInstance)
                .map(Observation.Restore.class::cast)
                .map(restore -> restore.source() + "/" + restore.file())
                .collect(Collectors.toSet());
        List<FaultLife> faults = FaultLife.of(evidence.faults());
        for (Observation observation : evidence.observations()) {
            if (!(observation instanceof Observation.Backup backup)) {
                continue;
            }
            String name = "The backup script on " + backup.member() + " at " + Wording.time(backup.started());
            if (backup.exitCode() != 0) {
                if (BackupCheck.hearsNobody(
                        backup.member(), backup.started(), evidence.drill().members(), faults)) {
                    findings.evidence(name + " ended with exit code " + backup.exitCode()
                            + ", as it must on a member that is cut off");
                    continue;
                }
                failed(
                        "backups that failed",
                        name + " ended with exit code " + backup.exitCode() + ": " + backup.detail(),
                        Optional.of(backup.started()),
                        backup.at(),
                        stalls,
                        findings);
                continue;
            }
            if (backup.file().isEmpty() || backup.revision().isEmpty()) {
                findings.fail(
                        "backups that left no snapshot",
                        name + " ended well, but left "
                                + backup.file()
                                        .map(file -> "a file " + file + " that is no readable snapshot")
                                        .orElse("no file")
                                + ": " + backup.detail());
                continue;
            }
            good++;
            underLoad(evidence, backup, name, findings);
            String file = backup.file().get();
            if (!restored.contains(backup.incarnation() + "/" + file.substring(file.lastIndexOf('/') + 1))) {
                findings.inconclusive(
                        name + " left " + file + ", which was never restored: what nobody restored is no backup.");
            }
        }
        findings.evidence(Wording.count(good, "snapshot") + " taken under load");
    }

    /** Scripts and clusters have deadlines: one that the host spent mostly asleep says nothing about them. */
    private static void failed(
            String kind, String sentence, Optional<Duration> from, Duration to, HostStalls stalls, Findings findings) {
        if (from.isPresent() && stalls.mostOf(from.get(), to)) {
            findings.inconclusive(HostStalls.blamed(sentence, stalls.within(from.get(), to)));
        } else {
            findings.fail(kind, sentence);
        }
    }

    private static void underLoad(AttemptEvidence evidence, Observation.Backup backup, String name, Findings findings) {
        if (evidence.operations().stream()
                .noneMatch(operation -> operation.incarnation().equals(backup.incarnation()))) {
            findings.evidence("snapshot of " + backup.member() + " at revision "
                    + backup.revision().orElseThrow() + ": nobody ever wrote to " + backup.incarnation());
            return;
        }
        long during = 0;
        long after = 0;
        for (Operation operation : evidence.operations()) {
            if (!operation.acknowledgedWrite() || !operation.incarnation().equals(backup.incarnation())) {
                continue;
            }
            Duration returned = operation.returned().orElseThrow();
            if (returned.compareTo(backup.at()) > 0) {
                after++;
            } else if (returned.compareTo(backup.started()) >= 0) {
                during++;
            }
        }
        if (during == 0 || after == 0) {
            findings.inconclusive(name + " was not under load: " + Wording.count(during, "write")
                    + " acknowledged while it ran, " + after + " afterwards.");
        }
        findings.evidence("snapshot of " + backup.member() + " at revision "
                + backup.revision().orElseThrow() + ": " + Wording.count(during, "write")
                + " acknowledged while it was taken, " + after + " afterwards");
    }

    private static void restored(
            Observation.Restore restore,
            AttemptEvidence evidence,
            List<Incarnation> incarnations,
            HostStalls stalls,
            Findings findings) {
        String name = restore.incarnation() + " (restored from " + restore.file() + ")";
        if (!restore.ready()) {
            failed(
                    "restores that failed",
                    name + " did not become ready: " + restore.detail(),
                    lastBackup(restore, evidence),
                    restore.at(),
                    stalls,
                    findings);
            return;
        }
        if (restore.snapshotRevision().isEmpty()) {
            findings.fail(
                    "snapshots that cannot be read", name + ": the snapshot's revision cannot be read from the file.");
            return;
        }
        long snapshot = restore.snapshotRevision().get();
        Incarnation fresh = named(restore.incarnation(), incarnations);
        Incarnation source = named(restore.source(), incarnations);
        Map<String, Observation.MemberState> states = fresh.statesAt(Incarnation.RESTORED);
        for (String member : evidence.drill().members()) {
            if (!states.containsKey(member)) {
                findings.inconclusive("The state that " + member + " of " + name + " started with was not recorded.");
            }
        }
        newCluster(name, fresh, source, findings);
        content(name, snapshot, source, states, findings);
        revisions(name, snapshot, fresh, findings);
        oldWatches(restore, evidence, name, findings);
        leases(restore, evidence, name, findings);
    }

    /** When the last backup before a restore was over: the restore began no sooner, and when it did is not recorded. */
    private static Optional<Duration> lastBackup(Observation.Restore restore, AttemptEvidence evidence) {
        return evidence.observations().stream()
                .filter(observation -> observation instanceof Observation.Backup)
                .map(Observation::at)
                .filter(at -> at.compareTo(restore.at()) <= 0)
                .max(Comparator.naturalOrder());
    }

    /** A member of the old cluster that still runs, or starts again, must not take the new one's members for its own. */
    private static void newCluster(String name, Incarnation fresh, Incarnation source, Findings findings) {
        Set<String> old = clusterIds(source);
        Set<String> ids = clusterIds(fresh);
        findings.evidence(name + ": cluster id " + String.join(", ", ids) + ", the snapshot's cluster had "
                + String.join(", ", old));
        for (String id : ids) {
            if (old.contains(id)) {
                findings.fail(
                        "restores into the same cluster",
                        name + " has the cluster id " + id + " of " + source.name()
                                + ", whose snapshot it was restored from: a restore must start a new logical cluster,"
                                + " or members of the old one can join it.");
            }
        }
    }

    private static Set<String> clusterIds(Incarnation incarnation) {
        Set<String> ids = new LinkedHashSet<>();
        incarnation.states().forEach(state -> ids.add(state.header().clusterId()));
        incarnation.statuses().forEach(status -> status.header().ifPresent(header -> ids.add(header.clusterId())));
        return ids;
    }

    private static Incarnation named(String name, List<Incarnation> incarnations) {
        return incarnations.stream()
                .filter(incarnation -> incarnation.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The restored states are read like any member's state of the source, at the snapshot's revision. */
    private static void content(
            String name,
            long snapshot,
            Incarnation source,
            Map<String, Observation.MemberState> states,
            Findings findings) {
        List<List<Reading>> ofStates = new ArrayList<>();
        List<Reading> all = new ArrayList<>(Reading.of(source));
        states.forEach((member, state) -> {
            List<Reading> readings =
                    Reading.of(state, source.keys(), snapshot, "the snapshot restored on " + member + " of " + name);
            ofStates.add(readings);
            all.addAll(readings);
        });
        WriteIndex index = new WriteIndex(source, all, new RealTime(source));
        for (List<Reading> readings : ofStates) {
            for (Reading reading : readings) {
                Optional<WriteIndex.Violation> wrong = index.contradiction(reading);
                wrong.ifPresent(violation -> findings.fail(
                        reading.shown().isPresent() ? "restored keys that are not the snapshot's" : "keys not restored",
                        violation.sentence(),
                        violation.operations()));
            }
            findings.evidence(name + ": " + Wording.count(readings.size(), "key") + " held against the writes up to the"
                    + " snapshot's revision " + snapshot);
        }
    }

    private static void revisions(String name, long snapshot, Incarnation fresh, Findings findings) {
        for (Observation.MemberState state :
                fresh.statesAt(Incarnation.RESTORED).values()) {
            revision(name, snapshot, state.header().revision(), "the state of " + state.member(), List.of(), findings);
        }
        for (Operation operation : fresh.operations()) {
            if (operation.outcome() instanceof Outcome.Ok ok) {
                revision(
                        name,
                        snapshot,
                        Wording.revision(ok.response()),
                        "the " + Wording.operation(operation),
                        List.of(operation),
                        findings);
            }
        }
    }

    private static void revision(
            String name, long snapshot, long revision, String who, List<Operation> shown, Findings findings) {
        if (revision < snapshot) {
            findings.fail(
                    "revisions below the snapshot's",
                    name + " is below the snapshot's revision " + snapshot + ": " + who + " has revision " + revision
                            + ".",
                    shown);
        } else if (revision < snapshot + REVISION_BUMP) {
            findings.fail(
                    "revisions without the promised bump",
                    name + " was restored without the promised bump of " + REVISION_BUMP
                            + ": the snapshot has revision "
                            + snapshot + ", and " + who + " has only " + revision
                            + ". Clients that cached later revisions will take new content for old.",
                    shown);
        }
    }

    private static void oldWatches(
            Observation.Restore restore, AttemptEvidence evidence, String name, Findings findings) {
        int watches = 0;
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.OldWatch watch
                    && watch.incarnation().equals(restore.incarnation())) {
                watches++;
                if (watch.compactRevision().isEmpty()) {
                    findings.fail(
                            "watches that were never told",
                            "A watch from revision " + watch.fromRevision()
                                    + ", from before the restore, was never told"
                                    + " by " + watch.member() + " of " + name + " that its revision was compacted; it"
                                    + " got " + Wording.count(watch.events(), "event") + " instead: " + watch.detail());
                }
            }
        }
        findings.evidence(name + ": " + Wording.count(watches, "old-watch probe"));
        if (watches == 0) {
            findings.inconclusive("No watch from before the restore was tried on " + name + ".");
        }
    }

    /** A key that lost its lease stays for ever. A restore may let a lease begin anew, but gives it no more. */
    private static void leases(Observation.Restore restore, AttemptEvidence evidence, String name, Findings findings) {
        int asked = 0;
        for (Observation observation : evidence.observations()) {
            if (!(observation instanceof Observation.RestoredLease lease)
                    || !lease.incarnation().equals(restore.incarnation())) {
                continue;
            }
            asked++;
            String key = "The key " + lease.key() + " of " + name + ", asked on " + lease.member() + ", was put with a"
                    + " lease of " + Wording.time(lease.granted());
            if (lease.left().isEmpty()) {
                findings.fail("leases that were not restored", key + ", and has none: it will never expire.");
            } else if (lease.left().get().compareTo(lease.granted()) > 0) {
                findings.fail(
                        "leases that grew",
                        key + ", and that has " + Wording.time(lease.left().get()) + " left.");
            }
        }
        if (asked > 0) {
            findings.evidence(name + ": " + Wording.count(asked, "key") + " asked for their leases");
        }
    }
}
