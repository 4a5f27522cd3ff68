package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Operation;
import dev.etcddrill.plan.DrillPlan;
import java.time.Duration;
import java.util.ArrayList;
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
        Leadership leadership = new Leadership(evidence);
        List<Operation> writes = evidence.operations().stream()
                .filter(Operation::acknowledgedWrite)
                .toList();
        Map<String, List<Duration>> gaps = new LinkedHashMap<>();
        int lost = 0;
        int succeeded = 0;
        for (FaultLife fault : FaultLife.of(evidence.faults())) {
            String figure = FIGURES.get(fault.kind());
            if (figure == null || !fault.reached(FaultEvent.Phase.INJECTED)) {
                continue;
            }
            Duration injected = fault.at(FaultEvent.Phase.INJECTED).orElseThrow();
            Optional<Leadership.Leader> leader = leadership.before(injected);
            if (leader.isEmpty()) {
                findings.inconclusive("Who was leader when fault " + fault.id()
                        + " was injected was not recorded, so it is not known to have hit the leader.");
                continue;
            }
            if (!leader.get().isAmong(fault.members())) {
                findings.inconclusive("Fault " + fault.id() + " hit " + String.join(", ", fault.members()) + ", but "
                        + leader.get().name() + " led then, so the leader was not lost.");
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
            if (leadership.succeeded(leader.get(), injected)) {
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
}
