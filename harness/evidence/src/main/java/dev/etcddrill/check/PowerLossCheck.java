package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was acknowledged in the last seconds before the power went is still there. Only those seconds tell: a write that
 * is older may have reached the disk by the kernel's ordinary writeback, whether etcd asked for it or not.
 */
public final class PowerLossCheck implements Check {
    /**
     * Kernel writeback saves unsynced pages after a while; with {@code --unsafe-no-fsync} everything of the last seconds
     * is gone (docs/faults.md, measured).
     */
    private static final Duration JUDGED_BEFORE_CUT = Duration.ofSeconds(5);

    /** What the drill marks when all that was written up to then is safe from the power: it can show nothing. */
    private static final String WRITTEN_OUT = "every member's disk was written out";

    /** A load of 8 clients acknowledges hundreds of writes in that time; fewer are no load. */
    private static final int LEAST_WRITES = 50;

    @Override
    public String id() {
        return "power-loss";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "A write that was acknowledged just before the power was lost is still there afterwards.",
                "etcd docs, learning/api_guarantees: KV APIs, durability; docs/faults.md: the 5-second rule");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        List<FaultLife> faults = FaultLife.of(evidence.faults());
        List<FaultLife> cuts = faults.stream()
                .filter(fault -> fault.kind().equals("power-loss"))
                .filter(fault -> fault.reached(FaultEvent.Phase.INJECTED))
                .toList();
        if (cuts.isEmpty()) {
            findings.inconclusive("The power was never cut.");
            return findings.result();
        }
        List<Incarnation> incarnations = Incarnation.of(evidence);
        Map<String, Survival> survivals = new HashMap<>();
        for (Incarnation incarnation : incarnations) {
            survivals.put(
                    incarnation.name(),
                    new Survival(incarnation, cuts, evidence.end().isPresent()));
            List<String> without = new ArrayList<>(evidence.drill().members());
            without.removeAll(incarnation.statesAt(Incarnation.END).keySet());
            if (incarnation.mustHaveFinalStates() && !without.isEmpty()) {
                findings.inconclusive(
                        "There is no final state of " + String.join(", ", without) + " in " + incarnation.name() + ".");
            }
        }
        for (FaultLife cut : cuts) {
            judge(cut, writtenOutBefore(cut, evidence), incarnations, survivals, findings);
        }
        return findings.result();
    }

    private static Optional<Duration> writtenOutBefore(FaultLife cut, AttemptEvidence evidence) {
        Duration moment = cut.at(FaultEvent.Phase.INJECTED).orElseThrow();
        return evidence.observations().stream()
                .filter(observation -> observation instanceof Observation.Mark mark
                        && mark.text().equals(WRITTEN_OUT)
                        && mark.at().compareTo(moment) <= 0)
                .map(Observation::at)
                .max(Comparator.naturalOrder());
    }

    private static void judge(
            FaultLife cut,
            Optional<Duration> writtenOut,
            List<Incarnation> incarnations,
            Map<String, Survival> survivals,
            Findings findings) {
        Duration moment = cut.at(FaultEvent.Phase.INJECTED).orElseThrow();
        int judged = 0;
        int lost = 0;
        Optional<Duration> last = Optional.empty();
        for (Incarnation incarnation : incarnations) {
            Survival survival = survivals.get(incarnation.name());
            for (WriteIndex.Write write : survival.index().writes()) {
                if (!write.acknowledged()) {
                    continue;
                }
                Duration returned = write.operation().returned().orElseThrow();
                if (returned.compareTo(moment) > 0 || moment.minus(returned).compareTo(JUDGED_BEFORE_CUT) >= 0) {
                    continue;
                }
                Survival.Fate fate = survival.fate(write);
                boolean couldBeLost = writtenOut
                        .map(at -> write.operation().invoked().compareTo(at) > 0)
                        .orElse(true);
                // One that was written out shows nothing by being there; gone, it is lost all the same.
                if (!couldBeLost && fate.state() != Survival.State.LOST) {
                    continue;
                }
                judged++;
                if (last.isEmpty() || returned.compareTo(last.get()) > 0) {
                    last = Optional.of(returned);
                }
                switch (fate.state()) {
                    case KEPT -> {}
                    case BEHIND -> findings.inconclusive(fate.reason());
                    case LOST -> {
                        lost++;
                        List<Operation> shown = new ArrayList<>();
                        shown.add(write.operation());
                        fate.reader().ifPresent(shown::add);
                        findings.fail(
                                "writes lost with the power",
                                "Lost with the power of " + String.join(", ", cut.members()) + ", "
                                        + Wording.time(moment.minus(returned)) + " after it was acknowledged: "
                                        + fate.reason(),
                                shown);
                    }
                }
            }
        }
        if (judged < LEAST_WRITES) {
            findings.inconclusive("Only " + Wording.count(judged, "write") + " were acknowledged in the "
                    + JUDGED_BEFORE_CUT.toSeconds() + " s before the power of " + String.join(", ", cut.members())
                    + " was cut" + (writtenOut.isPresent() ? " and after every disk was written out" : "")
                    + "; at least " + LEAST_WRITES + " are needed to tell.");
        }
        findings.evidence(cut.id() + ": " + Wording.count(judged, "write") + " acknowledged in the last "
                + JUDGED_BEFORE_CUT.toSeconds() + " s before the cut, " + lost + " of them lost"
                + last.map(time -> "; the last one " + Wording.time(moment.minus(time)) + " before it")
                        .orElse(""));
    }
}
