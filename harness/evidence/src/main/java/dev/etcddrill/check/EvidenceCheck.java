package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether there is enough evidence to pass at all. The floors are low on purpose: they tell a load that did not run from
 * one that did. Never fails; an attempt below a floor is inconclusive.
 */
public final class EvidenceCheck implements Check {
    /** The kinds of operation that every load must have got through at least once (issue 4, drills). */
    private enum Kind {
        PUT("put"),
        DELETE("delete"),
        LINEARIZABLE_GET("linearizable get"),
        SERIALIZABLE_GET("serializable get"),
        OPTIMISTIC_PUT("optimistic put");

        private final String noun;

        Kind(String noun) {
            this.noun = noun;
        }

        /** Empty for what only some loads send, such as compactions: a check of their own judges those. */
        private static Optional<Kind> of(Request request) {
            if (request instanceof Request.Put) {
                return Optional.of(PUT);
            } else if (request instanceof Request.Delete) {
                return Optional.of(DELETE);
            } else if (request instanceof Request.Get get) {
                return Optional.of(
                        switch (get.consistency()) {
                            case LINEARIZABLE -> LINEARIZABLE_GET;
                            case SERIALIZABLE -> SERIALIZABLE_GET;
                        });
            } else if (request instanceof Request.OptimisticPut) {
                return Optional.of(OPTIMISTIC_PUT);
            }
            return Optional.empty();
        }
    }

    private static final class Counts {
        private long ok;
        private long failed;
        private long unknown;
    }

    @Override
    public String id() {
        return "evidence";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "There is enough evidence to judge by: every kind of operation succeeded, every planned fault was seen to"
                        + " take effect and to go, all clients and members took part.",
                "design decision 6; after Jepsen's stats checker (each kind of operation succeeded at least once)");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        operations(evidence, findings);
        participants(evidence, findings);
        faults(evidence, findings);
        return findings.result();
    }

    private static void operations(AttemptEvidence evidence, Findings findings) {
        Map<Kind, Counts> counts = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            counts.put(kind, new Counts());
        }
        for (Operation operation : evidence.operations()) {
            Optional<Kind> kind = Kind.of(operation.request());
            if (kind.isEmpty()) {
                continue;
            }
            Counts of = counts.get(kind.get());
            Outcome outcome = operation.outcome();
            if (outcome instanceof Outcome.Ok) {
                of.ok++;
            } else if (outcome instanceof Outcome.Failed) {
                of.failed++;
            } else {
                of.unknown++;
            }
        }
        counts.forEach((kind, of) -> {
            findings.evidence(Wording.count(of.ok + of.failed + of.unknown, kind.noun) + ": " + of.ok + " answered, "
                    + of.failed + " failed for certain, " + of.unknown + " unknown");
            if (of.ok == 0) {
                findings.inconclusive("No " + kind.noun + " was ever answered, so nothing is known of that kind.");
            }
        });
    }

    private static void participants(AttemptEvidence evidence, Findings findings) {
        Set<Integer> processes = new HashSet<>();
        Set<String> asked = new HashSet<>();
        for (Operation operation : evidence.operations()) {
            processes.add(operation.process());
            asked.add(operation.member());
        }
        findings.evidence(Wording.count(processes.size(), "client") + " seen of "
                + evidence.plan().clients()
                + " planned (a client counts again after an unknown outcome); "
                + Wording.count(asked.size(), "member") + " asked");
        if (processes.size() < evidence.plan().clients()) {
            findings.inconclusive("Only " + Wording.count(processes.size(), "client") + " took part; the plan has "
                    + evidence.plan().clients() + ".");
        }
        List<String> never = new ArrayList<>(evidence.drill().members());
        never.removeAll(asked);
        if (!never.isEmpty()) {
            findings.inconclusive("No client ever asked " + String.join(", ", never) + ".");
        }
    }

    private static void faults(AttemptEvidence evidence, Findings findings) {
        List<FaultLife> faults = FaultLife.of(evidence.faults());
        int seen = 0;
        for (FaultLife fault : faults) {
            String name =
                    "Fault " + fault.id() + " (" + fault.kind() + " of " + String.join(", ", fault.members()) + ")";
            if (!fault.reached(FaultEvent.Phase.INJECTED)) {
                findings.inconclusive(name + " was planned, but never injected.");
            } else if (!fault.reached(FaultEvent.Phase.SEEN)) {
                findings.inconclusive(name + " was not seen to take effect.");
            } else {
                seen++;
            }
            if (fault.reached(FaultEvent.Phase.LIFTED) && !fault.reached(FaultEvent.Phase.GONE)) {
                findings.inconclusive(name + " was lifted, but not seen to be gone.");
            }
        }
        findings.evidence(
                Wording.count(faults.size(), "fault") + " planned, " + seen + " injected and seen to take effect");
    }
}
