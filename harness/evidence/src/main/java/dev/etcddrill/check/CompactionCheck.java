package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.RevisionRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was compacted is refused, and nothing else is. That reads at or after the compacted revision are exact is the
 * {@link RevisionWitness}'s to judge.
 */
public final class CompactionCheck implements Check {
    @Override
    public String id() {
        return "compaction";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "After a compaction every revision from the compacted one on can be read on every member, also after a"
                        + " kill, and every earlier one is refused as compacted.",
                "etcd docs, learning/api, \"Revisions\" and \"Range\"; op-guide/maintenance, \"History compaction\"");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        long acknowledged = 0;
        for (Incarnation incarnation : Incarnation.of(evidence)) {
            acknowledged += new Compactions(incarnation, evidence.end().isPresent(), findings).judge();
        }
        if (acknowledged == 0) {
            findings.inconclusive("No compaction was acknowledged, so nothing is known of them.");
        } else {
            onEveryMemberInTheEnd(evidence, findings);
        }
        return findings.result();
    }

    /** After the last fault was lifted every member must have shown both: what is kept, and that the rest is refused. */
    private static void onEveryMemberInTheEnd(AttemptEvidence evidence, Findings findings) {
        Duration since = evidence.faults().stream()
                .filter(event -> event.phase() == FaultEvent.Phase.LIFTED)
                .map(FaultEvent::at)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        Map<String, Long> answered = new HashMap<>();
        Map<String, Long> refused = new HashMap<>();
        for (Operation operation : evidence.operations()) {
            if (!(operation.request() instanceof Request.GetAt)
                    || operation.invoked().compareTo(since) < 0) {
                continue;
            }
            if (operation.outcome() instanceof Outcome.Ok) {
                answered.merge(operation.member(), 1L, Long::sum);
            } else if (RevisionRefusal.of(operation.outcome()).equals(Optional.of(RevisionRefusal.COMPACTED))) {
                refused.merge(operation.member(), 1L, Long::sum);
            }
        }
        for (String member : evidence.drill().members()) {
            long read = answered.getOrDefault(member, 0L);
            long turnedAway = refused.getOrDefault(member, 0L);
            if (read == 0) {
                findings.inconclusive("After the last fault no old revision was read on " + member + ".");
            }
            if (turnedAway == 0) {
                findings.inconclusive("After the last fault no compacted revision was asked of " + member + ".");
            }
            findings.evidence(member + ", after the last fault: " + Wording.count(read, "read")
                    + " of old revisions answered, " + turnedAway + " refused as compacted");
        }
    }

    /** The compactions of one incarnation. */
    private static final class Compactions {
        private final Incarnation incarnation;
        private final boolean recordComplete;
        private final Findings findings;
        private final RealTime realTime;
        private final Incarnation.Base base;
        private final List<Operation> acknowledged = new ArrayList<>();

        /** Also those whose outcome is open. */
        private final List<Operation> possible = new ArrayList<>();

        Compactions(Incarnation incarnation, boolean recordComplete, Findings findings) {
            this.incarnation = incarnation;
            this.recordComplete = recordComplete;
            this.findings = findings;
            realTime = new RealTime(incarnation);
            base = incarnation.base();
            for (Operation operation : incarnation.operations()) {
                if (operation.request() instanceof Request.Compact) {
                    if (operation.outcome() instanceof Outcome.Ok) {
                        acknowledged.add(operation);
                    }
                    if (!(operation.outcome() instanceof Outcome.Failed)) {
                        possible.add(operation);
                    }
                }
            }
        }

        private static long revision(Operation compaction) {
            return ((Request.Compact) compaction.request()).revision();
        }

        /** Whether a compaction leaves nothing to read at a revision, or nothing to compact there. */
        private static boolean takesAway(Operation earlier, long revision, boolean compaction) {
            return compaction ? revision <= revision(earlier) : revision < revision(earlier);
        }

        /** How many were acknowledged. */
        long judge() {
            long reads = 0;
            long refused = 0;
            for (Operation operation : incarnation.operations()) {
                Optional<RevisionRefusal> refusal = RevisionRefusal.of(operation.outcome());
                if (operation.request() instanceof Request.GetAt read) {
                    reads += operation.outcome() instanceof Outcome.Ok ? 1 : 0;
                    refused += refusal.isPresent() ? 1 : 0;
                    judge(operation, read.revision(), false, refusal);
                } else if (operation.request() instanceof Request.Compact compaction) {
                    judge(operation, compaction.revision(), true, refusal);
                }
            }
            if (!acknowledged.isEmpty()) {
                findings.evidence(incarnation.name() + ": " + Wording.count(acknowledged.size(), "compaction")
                        + " acknowledged, " + (possible.size() - acknowledged.size())
                        + " of unknown outcome, the last at"
                        + " revision "
                        + acknowledged.stream()
                                .mapToLong(Compactions::revision)
                                .max()
                                .orElseThrow()
                        + "; " + Wording.count(reads, "read") + " of old revisions answered, " + refused + " refused");
            }
            return acknowledged.size();
        }

        private void judge(Operation operation, long revision, boolean compaction, Optional<RevisionRefusal> refusal) {
            if (operation.outcome() instanceof Outcome.Ok ok) {
                answered(operation, revision, compaction, Wording.revision(ok.response()));
            } else if (refusal.equals(Optional.of(RevisionRefusal.COMPACTED))) {
                refusedAsCompacted(operation, revision, compaction);
            } else if (refusal.equals(Optional.of(RevisionRefusal.FUTURE))) {
                refusedAsFuture(operation, revision);
            }
        }

        private void answered(Operation operation, long revision, boolean compaction, long at) {
            if (revision > at) {
                findings.fail(
                        "revisions from the future",
                        "The " + Wording.operation(operation) + " was answered, though the store was at revision " + at
                                + ".",
                        operation);
            }
            // A serializable read may be answered by a member that has not heard of the compaction.
            if (!Reading.linearizable(operation)) {
                return;
            }
            acknowledged.stream()
                    .filter(before -> before.returned().orElseThrow().compareTo(operation.invoked()) < 0)
                    .filter(before -> takesAway(before, revision, compaction))
                    .max(Comparator.comparingLong(Compactions::revision))
                    .ifPresent(before -> findings.fail(
                            "answers from what was compacted",
                            "The " + Wording.operation(operation) + " was answered, though the "
                                    + Wording.operation(before) + " was acknowledged before it was asked.",
                            before,
                            operation));
        }

        private void refusedAsCompacted(Operation operation, long revision, boolean compaction) {
            // Before a cluster was taken over or restored others may have compacted, and a restore does.
            boolean explained = !base.known()
                    || (base.revision() > 1 && revision <= base.revision())
                    || possible.stream()
                            .filter(before -> before.invoked()
                                            .compareTo(operation.returned().orElseThrow())
                                    < 0)
                            .anyMatch(before -> takesAway(before, revision, compaction));
            if (explained) {
                return;
            }
            String reason = "The " + Wording.operation(operation)
                    + " was refused as compacted, though nobody had asked for a compaction that takes revision "
                    + revision + " away.";
            if (recordComplete) {
                findings.fail("refusals of what was never compacted", reason, operation);
            } else {
                findings.inconclusive(reason + " The record breaks off, so one may be missing from it.");
            }
        }

        private void refusedAsFuture(Operation operation, long revision) {
            Optional<RealTime.Told> told = realTime.before(operation.invoked());
            if (Reading.linearizable(operation)
                    && told.isPresent()
                    && told.get().revision() >= revision) {
                findings.fail(
                        "refusals of what was there",
                        "The " + Wording.operation(operation) + " was refused as a future revision, though revision "
                                + told.get().revision() + " had been told at "
                                + Wording.time(told.get().at()) + ".",
                        operation);
            }
        }
    }
}
