package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import dev.etcddrill.plan.DrillPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** After a fault is lifted the cluster is whole again within the objective (design decision 8). */
public final class RecoveryCheck implements Check {
    @Override
    public String id() {
        return "recovery";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "After a fault is lifted, writes commit, every member answers linearizable reads and all members agree,"
                        + " each within the objective for full health.",
                "the recipe's objectives.fullHealthAfterFault; design decision 8");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        HostStalls stalls = new HostStalls(evidence.observations());
        Map<String, Observation.Recovery> recoveries = new HashMap<>();
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.Recovery recovery) {
                recoveries.put(recovery.fault(), recovery);
            }
        }
        Map<String, List<Duration>> values = new LinkedHashMap<>();
        int judged = 0;
        for (FaultLife fault : FaultLife.of(evidence.faults())) {
            Optional<Duration> lifted = fault.at(FaultEvent.Phase.LIFTED);
            if (lifted.isEmpty()) {
                continue;
            }
            Observation.Recovery recovery = recoveries.get(fault.id());
            if (recovery == null && anotherInForce(evidence, fault, lifted.get())) {
                // The cluster need not be whole while something else still hurts it.
                continue;
            }
            if (recovery == null) {
                findings.inconclusive("Fault " + fault.id() + " was lifted at " + Wording.time(lifted.get())
                        + ", but the recovery from it was not "
                        + (evidence.end().isPresent() ? "measured." : "recorded before the record breaks off."));
                continue;
            }
            judged++;
            Wait wait = new Wait(
                    fault.id(),
                    lifted.get(),
                    recovery,
                    evidence.drill().objectives().fullHealthAfterFault());
            judge(wait, "first committed write", recovery.firstWrite(), stalls, findings, values);
            for (String member : evidence.drill().members()) {
                judge(
                        wait,
                        "linearizable read on " + member,
                        Optional.ofNullable(recovery.linearizableReads().get(member)),
                        stalls,
                        findings,
                        values);
            }
            judge(wait, "equal revision and HashKV", recovery.equalState(), stalls, findings, values);
        }
        if (FaultLife.of(evidence.faults()).stream().noneMatch(fault -> fault.reached(FaultEvent.Phase.LIFTED))) {
            findings.inconclusive("No fault was lifted, so there was nothing to recover from.");
        }
        DrillPlan.Bound bound = evidence.drill().objectives().fullHealthAfterFault();
        values.forEach((quantity, times) ->
                findings.figure("time to " + quantity, times, Optional.of(bound.value()), bound.source()));
        findings.evidence(Wording.count(judged, "recovery measurement"));
        return findings.result();
    }

    private static boolean anotherInForce(AttemptEvidence evidence, FaultLife lifted, Duration at) {
        return FaultLife.of(evidence.faults()).stream()
                .filter(other -> !other.id().equals(lifted.id()))
                .filter(other -> other.at(FaultEvent.Phase.INJECTED)
                        .filter(injected -> injected.compareTo(at) < 0)
                        .isPresent())
                .anyMatch(other -> other.at(FaultEvent.Phase.LIFTED)
                        .filter(end -> end.compareTo(at) > 0)
                        .isPresent());
    }

    private record Wait(String fault, Duration lifted, Observation.Recovery recovery, DrillPlan.Bound bound) {}

    private static void judge(
            Wait wait,
            String quantity,
            Optional<Duration> measured,
            HostStalls stalls,
            Findings findings,
            Map<String, List<Duration>> values) {
        if (measured.isPresent()) {
            values.computeIfAbsent(quantity, unused -> new ArrayList<>()).add(measured.get());
            stalls.judge(
                    findings,
                    "recoveries that took too long",
                    "After fault " + wait.fault() + " was lifted there was no " + quantity,
                    wait.lifted(),
                    wait.lifted().plus(measured.get()),
                    wait.bound());
            return;
        }
        Duration waited = wait.recovery().at().minus(wait.lifted());
        String sentence = "After fault " + wait.fault() + " was lifted there was still no " + quantity;
        if (waited.compareTo(wait.bound().value()) <= 0) {
            findings.inconclusive(sentence + " in " + Wording.time(waited) + ", but the wait was given up before the "
                    + Wording.time(wait.bound().value()) + " that are allowed: "
                    + wait.recovery().detail());
        } else {
            stalls.judge(
                    findings,
                    "recoveries that never came",
                    sentence + " (" + wait.recovery().detail() + ")",
                    wait.lifted(),
                    wait.recovery().at(),
                    wait.bound());
        }
    }
}
