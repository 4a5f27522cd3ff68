package dev.etcddrill.check;

/**
 * Strict serializability of the whole key space, transactions included, by etcd's own revisions: they name the order of
 * all writes, so that nothing has to be searched. Takes time n log n.
 *
 * <p>What it holds a history against is in {@link RevisionWitness}.
 */
public final class RevisionWitnessCheck implements Check {
    @Override
    public String id() {
        return "revision-witness";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "Every operation takes effect at once, in one order that agrees with real time and with the revisions;"
                        + " a read shows exactly the state at its revision.",
                "etcd docs, learning/api_guarantees: KV APIs, strict serializability; revision");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        for (Incarnation incarnation : Incarnation.of(evidence)) {
            new RevisionWitness(incarnation, evidence.end().isPresent(), findings).judge();
        }
        if (evidence.operations().isEmpty()) {
            findings.inconclusive("No operation was recorded, so there is nothing to agree with revisions.");
        }
        return findings.result();
    }
}
