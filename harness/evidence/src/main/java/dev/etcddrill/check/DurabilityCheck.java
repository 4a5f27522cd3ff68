package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Operation;
import java.util.ArrayList;
import java.util.List;

/** No acknowledged write is lost: it is in every member's final state, or a later one took its place. */
public final class DurabilityCheck implements Check {
    @Override
    public String id() {
        return "durability";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "A write that was acknowledged is never lost: it is on every member in the end, or a later write took its"
                        + " place.",
                "etcd docs, learning/api_guarantees: KV APIs, durability");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        List<FaultLife> faults = FaultLife.of(evidence.faults());
        for (Incarnation incarnation : Incarnation.of(evidence)) {
            judge(incarnation, evidence, faults, findings);
        }
        if (evidence.operations().stream().noneMatch(operation -> operation.acknowledgedWrite())) {
            findings.inconclusive("No write was acknowledged, so none could be lost.");
        }
        return findings.result();
    }

    private static void judge(
            Incarnation incarnation, AttemptEvidence evidence, List<FaultLife> faults, Findings findings) {
        Survival survival = new Survival(incarnation, faults, evidence.end().isPresent());
        List<String> without = new ArrayList<>(evidence.drill().members());
        without.removeAll(incarnation.statesAt(Incarnation.END).keySet());
        if (incarnation.mustHaveFinalStates() && !without.isEmpty()) {
            findings.inconclusive("There is no final state of " + String.join(", ", without) + " in "
                    + incarnation.name() + ", so what it kept is judged by reads only.");
        }
        long judged = 0;
        for (WriteIndex.Write write : survival.index().writes()) {
            if (!write.acknowledged()) {
                continue;
            }
            judged++;
            Survival.Fate fate = survival.fate(write);
            switch (fate.state()) {
                case KEPT -> {}
                case BEHIND -> findings.inconclusive(fate.reason());
                case LOST -> {
                    List<Operation> shown = new ArrayList<>();
                    shown.add(write.operation());
                    fate.reader().ifPresent(shown::add);
                    findings.fail("acknowledged writes lost", fate.reason(), shown);
                }
            }
        }
        boolean hurt = faults.stream().anyMatch(fault -> fault.reached(FaultEvent.Phase.INJECTED));
        findings.evidence(incarnation.name() + ": " + Wording.count(judged, "acknowledged write") + " looked for in "
                + Wording.count(survival.finalStates(), "final state")
                + (hurt ? " and in the linearizable reads after the first fault" : "")
                + (incarnation.mustHaveFinalStates() ? "" : "; it was replaced by a restore and left no final state"));
    }
}
