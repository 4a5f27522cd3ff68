package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import dev.etcddrill.plan.Link;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** No backup lies: it has all that was acknowledged before it was asked for, and a damaged one is never restored. */
public final class BackupCheck implements Check {
    @Override
    public String id() {
        return "backup";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "A backup holds every write that was acknowledged before it was asked for, one that could miss some is"
                        + " refused, and a damaged snapshot is never restored.",
                "docs/rules.md BAK-04 and BAK-05; etcd docs, op-guide/recovery, \"Snapshotting the keyspace\"");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        List<FaultLife> faults = FaultLife.of(evidence.faults());
        HostStalls stalls = new HostStalls(evidence.observations());
        Map<String, RealTime> told = new LinkedHashMap<>();
        Incarnation.of(evidence).forEach(incarnation -> told.put(incarnation.name(), new RealTime(incarnation)));
        int judged = 0;
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.Backup backup) {
                judged++;
                boolean cutOff = hearsNobody(
                        backup.member(), backup.started(), evidence.drill().members(), faults);
                backup(backup, cutOff, told.get(backup.incarnation()), stalls, findings);
            } else if (observation instanceof Observation.DamagedSnapshot damaged) {
                judged++;
                damaged(damaged, findings);
            }
        }
        if (judged == 0) {
            findings.inconclusive("No backup was taken, and no damaged one was tried.");
        }
        return findings.result();
    }

    /** Whether faults in force at a moment keep every other member's packets from a member. */
    static boolean hearsNobody(String member, Duration at, List<String> members, List<FaultLife> faults) {
        return members.stream()
                .filter(other -> !other.equals(member))
                .allMatch(other -> faults.stream()
                        .anyMatch(fault -> fault.links().contains(new Link(other, member)) && inForce(fault, at)));
    }

    private static boolean inForce(FaultLife fault, Duration at) {
        Optional<Duration> seen = fault.at(FaultEvent.Phase.SEEN);
        Optional<Duration> lifted = fault.at(FaultEvent.Phase.LIFTED);
        return seen.isPresent()
                && seen.get().compareTo(at) <= 0
                && lifted.map(moment -> moment.compareTo(at) > 0).orElse(true);
    }

    private static void backup(
            Observation.Backup backup, boolean cutOff, RealTime told, HostStalls stalls, Findings findings) {
        String name = "The backup script on " + backup.member() + " at " + Wording.time(backup.started());
        if (backup.exitCode() != 0) {
            String sentence = name + " ended with exit code " + backup.exitCode() + ": " + backup.detail();
            if (cutOff) {
                findings.evidence(name + ", which was cut off from every other member, refused: " + backup.detail());
            } else if (stalls.mostOf(backup.started(), backup.at())) {
                findings.inconclusive(HostStalls.blamed(sentence, stalls.within(backup.started(), backup.at())));
            } else {
                findings.fail("backups that failed", sentence);
            }
            return;
        }
        if (backup.file().isEmpty() || backup.revision().isEmpty()) {
            findings.fail(
                    "backups that left no snapshot",
                    name
                            + " ended well, but left no whole snapshot: etcdutl cannot read it, or its checksum does not fit.");
            return;
        }
        // etcd answers with revision 1 before anything was written, and etcdutl finds 0 in a snapshot of that (3.6.16).
        long revision = Math.max(1, backup.revision().get());
        Optional<RealTime.Told> before = told == null ? Optional.empty() : told.before(backup.started());
        if (before.isEmpty()) {
            findings.inconclusive(
                    name + ": nobody had been told a revision before, so there is nothing to hold it against.");
        } else if (revision < before.get().revision()) {
            findings.fail(
                    "backups that miss acknowledged writes",
                    name + " left " + backup.file().get() + " of revision " + revision + ", though revision "
                            + before.get().revision() + " had been told at "
                            + Wording.time(before.get().at()) + ", before it was asked for.",
                    before.get().operation().map(List::of).orElse(List.of()));
        } else {
            findings.evidence(name + (cutOff ? ", which was cut off from every other member," : "") + " left revision "
                    + revision + "; before it was asked for the highest that anybody had been told was "
                    + before.get().revision());
        }
    }

    private static void damaged(Observation.DamagedSnapshot damaged, Findings findings) {
        String name = "The restore script on " + damaged.member() + ", given a snapshot with " + damaged.damage() + ",";
        if (damaged.exitCode() == 0) {
            findings.fail("damaged snapshots that were restored", name + " ended well: " + damaged.detail());
        } else if (damaged.dataChanged()) {
            findings.fail(
                    "damaged snapshots that changed data",
                    name + " refused with exit code " + damaged.exitCode() + ", but left data behind: "
                            + damaged.detail());
        } else {
            findings.evidence(name + " refused: " + damaged.detail());
        }
    }
}
