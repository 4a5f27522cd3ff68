package dev.etcddrill.check;

import dev.etcddrill.history.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rendered files make a cluster: every member answers a linearizable read. */
public final class FormationCheck implements Check {
    @Override
    public String id() {
        return "formation";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "A cluster that is started from the rendered files becomes ready: every member answers a linearizable"
                        + " read.",
                "etcd docs, op-guide/clustering: static bootstrap; issue 4");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        HostStalls stalls = new HostStalls(evidence.observations());
        Set<String> formed = new LinkedHashSet<>();
        List<Duration> times = new ArrayList<>();
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.Formation formation) {
                formed.add(formation.incarnation());
                judge(formation, stalls, findings, times);
            } else if (observation instanceof Observation.Restore restore) {
                // A restore says itself whether its cluster became ready, and the check restore judges it.
                formed.add(restore.incarnation());
            }
        }
        List<Incarnation> incarnations = Incarnation.of(evidence);
        for (Incarnation incarnation : incarnations) {
            if (!formed.contains(incarnation.name())) {
                findings.inconclusive("Whether " + incarnation.name() + " became ready was not recorded.");
            }
        }
        if (incarnations.isEmpty()) {
            findings.inconclusive("No cluster was recorded at all.");
        }
        findings.figure("time to ready", times, Optional.empty(), "only told");
        findings.evidence(Wording.count(times.size(), "cluster") + " ready of " + incarnations.size());
        return findings.result();
    }

    private static void judge(
            Observation.Formation formation, HostStalls stalls, Findings findings, List<Duration> times) {
        if (formation.ready()) {
            times.add(formation.took());
            return;
        }
        String sentence = formation.incarnation() + " did not become ready within " + Wording.time(formation.took())
                + ": " + formation.detail();
        Duration from = formation.at().minus(formation.took());
        // A wait that the host spent mostly asleep says nothing about the files.
        if (stalls.mostOf(from, formation.at())) {
            findings.inconclusive(HostStalls.blamed(sentence, stalls.within(from, formation.at())));
        } else {
            findings.fail("clusters that did not form", sentence);
        }
    }
}
