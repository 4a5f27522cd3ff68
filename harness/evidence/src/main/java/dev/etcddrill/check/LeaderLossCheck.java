package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.plan.DrillPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** After the leader is lost, the next write commits within the objective. */
public final class LeaderLossCheck implements Check {
    /** The kinds of fault that end a leader, and how its gaps are named. */
    private static final Map<String, String> FIGURES =
            Map.of("kill", "write gap after kill", "terminate", "write gap after SIGTERM");

    @Override
    public String id() {
        return "leader-loss";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "After the leader is lost, another one is elected and a write commits within the objective.",
                "etcd docs, op-guide/failures: leader failure; the recipe's objectives.writeGapAfterLeaderLoss");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        HostStalls stalls = new HostStalls(evidence.observations());
        DrillPlan.Bound bound = evidence.drill().objectives().writeGapAfterLeaderLoss();
        List<Observation.MemberStatus> statuses = new ArrayList<>();
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.MemberStatus status) {
                statuses.add(status);
            }
        }
        List<Operation> writes = evidence.operations().stream()
                .filter(Operation::acknowledgedWrite)
                .toList();
        Map<String, String> memberIds = memberIds(evidence, statuses);
        Map<String, List<Duration>> gaps = new LinkedHashMap<>();
        int lost = 0;
        int succeeded = 0;
        for (FaultLife fault : FaultLife.of(evidence.faults())) {
            String figure = FIGURES.get(fault.kind());
            if (figure == null || !fault.reached(FaultEvent.Phase.INJECTED)) {
                continue;
            }
            Duration injected = fault.at(FaultEvent.Phase.INJECTED).orElseThrow();
            Optional<String> leader = leaderBefore(injected, statuses);
            if (leader.isEmpty()) {
                findings.inconclusive("Who was leader when fault " + fault.id()
                        + " was injected was not recorded, so it is not known to have hit the leader.");
                continue;
            }
            if (fault.members().stream().noneMatch(member -> leader.get().equals(memberIds.get(member)))) {
                findings.evidence(fault.id() + " did not hit the leader (" + leader.get() + "): not judged");
                continue;
            }
            if (2 * fault.members().size() >= evidence.drill().members().size()) {
                findings.evidence(
                        fault.id() + " took the majority with the leader, so no write can follow: not judged");
                continue;
            }
            lost++;
            List<Operation> elsewhere = writes.stream()
                    .filter(write -> !fault.members().contains(write.member()))
                    .toList();
            WriteGap gap = WriteGap.of(fault, elsewhere);
            gap.length()
                    .ifPresent(length -> gaps.computeIfAbsent(figure, unused -> new ArrayList<>())
                            .add(length));
            judge(fault, gap, evidence, bound, stalls, findings);
            Optional<Observation.MemberStatus> successor = successor(injected, leader.get(), statuses);
            if (successor.isPresent()) {
                succeeded++;
            }
        }
        gaps.forEach((name, values) -> findings.figure(name, values, Optional.of(bound.value()), bound.source()));
        findings.evidence(Wording.count(lost, "leader") + " lost, a new one seen after " + succeeded + " of them");
        if (lost == 0) {
            findings.inconclusive("The leader was never lost.");
        } else if (succeeded == 0) {
            findings.inconclusive("No member was ever seen to follow a new leader.");
        }
        return findings.result();
    }

    private static void judge(
            FaultLife fault,
            WriteGap gap,
            AttemptEvidence evidence,
            DrillPlan.Bound bound,
            HostStalls stalls,
            Findings findings) {
        String what = "After fault " + fault.id() + " took the leader " + String.join(", ", fault.members())
                + " no write was acknowledged";
        if (gap.end().isPresent()) {
            Operation first = gap.end().get();
            stalls.judge(
                    findings,
                    "write gaps after losing the leader",
                    what,
                    gap.start(),
                    first.returned().orElseThrow(),
                    bound,
                    first);
            return;
        }
        Duration last = lastRecorded(evidence);
        if (last.minus(gap.start()).compareTo(bound.value()) <= 0) {
            findings.inconclusive(what + " before the record ends, " + Wording.time(last.minus(gap.start()))
                    + " later; allowed are " + Wording.time(bound.value()) + ".");
        } else {
            stalls.judge(findings, "write gaps after losing the leader", what + " again", gap.start(), last, bound);
        }
    }

    private static Duration lastRecorded(AttemptEvidence evidence) {
        Duration last = Duration.ZERO;
        for (Operation operation : evidence.operations()) {
            Duration at = operation.returned().orElse(operation.invoked());
            last = at.compareTo(last) > 0 ? at : last;
        }
        return last;
    }

    /** The leader in the highest term that a member reported last before a moment. */
    private static Optional<String> leaderBefore(Duration moment, List<Observation.MemberStatus> statuses) {
        Map<String, Observation.MemberStatus> last = new HashMap<>();
        for (Observation.MemberStatus status : statuses) {
            if (status.at().compareTo(moment) <= 0
                    && status.header().isPresent()
                    && status.leaderId().isPresent()) {
                last.put(status.incarnation() + "/" + status.member(), status);
            }
        }
        return last.values().stream()
                .max(Comparator.comparingLong((Observation.MemberStatus status) ->
                                status.header().orElseThrow().term())
                        .thenComparing(Observation.MemberStatus::at))
                .flatMap(Observation.MemberStatus::leaderId);
    }

    private static Optional<Observation.MemberStatus> successor(
            Duration injected, String leader, List<Observation.MemberStatus> statuses) {
        return statuses.stream()
                .filter(status -> status.at().compareTo(injected) > 0)
                .filter(status -> status.leaderId().isPresent()
                        && !status.leaderId().get().equals(leader))
                .findFirst();
    }

    private static Map<String, String> memberIds(AttemptEvidence evidence, List<Observation.MemberStatus> statuses) {
        Map<String, String> ids = new HashMap<>();
        for (Operation operation : evidence.operations()) {
            if (operation.outcome() instanceof Outcome.Ok ok) {
                Header header = ok.response().header();
                ids.putIfAbsent(operation.member(), header.memberId());
            }
        }
        statuses.forEach(
                status -> status.header().ifPresent(header -> ids.putIfAbsent(status.member(), header.memberId())));
        return ids;
    }
}
