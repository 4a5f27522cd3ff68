package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.plan.DrillPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * With a majority alive every survivor goes on; without one nothing is decided, but serializable reads still answer.
 */
public final class QuorumToleranceCheck implements Check {
    /** Writes that must commit on each survivor after its first one, before the restart (issue 4, drill 1). */
    private static final int WRITES_WITH_MAJORITY = 50;

    /** Serializable reads that must have gone unanswered before that counts: one can fail for a reason of its client's. */
    private static final int LEAST_READS = 5;

    /** How long a survivor has for them; the drill waits for the first of the two. */
    private static final Duration TIME_FOR_WRITES = Duration.ofSeconds(30);

    /** How the drill names the classes that it covers; an attempt must have done what its class says. */
    private static final Pattern CLASS =
            Pattern.compile("[0-9]+ members, killed (?<victims>[0-9]+) (?<who>with the leader|followers)");

    @Override
    public String id() {
        return "quorum-tolerance";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "With a majority alive every surviving member commits writes within the objective; without one no write is"
                        + " acknowledged, and serializable reads still answer.",
                "etcd docs, op-guide/failures and faq (failure tolerance); issue 4, drill 1");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        HostStalls stalls = new HostStalls(evidence.observations());
        Leadership leadership = new Leadership(evidence);
        List<Duration> gaps = new ArrayList<>();
        int judged = 0;
        for (FaultLife fault : FaultLife.of(evidence.faults())) {
            if (!fault.kind().equals("kill") || !fault.reached(FaultEvent.Phase.INJECTED)) {
                continue;
            }
            Optional<Duration> seen = fault.at(FaultEvent.Phase.SEEN);
            Optional<Duration> lifted = fault.at(FaultEvent.Phase.LIFTED);
            if (seen.isEmpty() || lifted.isEmpty()) {
                findings.inconclusive("Fault " + fault.id() + " was "
                        + (seen.isEmpty() ? "not seen to take effect" : "not lifted")
                        + ", so the time without its members is not known.");
                continue;
            }
            judged++;
            victims(evidence, fault, leadership, findings);
            List<String> survivors = new ArrayList<>(evidence.drill().members());
            survivors.removeAll(fault.members());
            int members = evidence.drill().members().size();
            boolean majority = 2 * survivors.size() > members;
            Outage outage = new Outage(fault, Window.of(fault), survivors);
            if (majority) {
                withMajority(evidence, outage, stalls, findings, gaps);
            } else {
                withoutMajority(evidence, outage, stalls, findings);
            }
            findings.evidence(evidence.plan().coverageClass() + ": " + survivors.size() + " of " + members
                    + " members alive for " + Wording.time(lifted.get().minus(seen.get())) + ", "
                    + (majority ? "a majority" : "no majority"));
        }
        if (judged == 0) {
            findings.inconclusive("No member was killed and seen to be gone, so nothing was tolerated.");
        }
        DrillPlan.Bound bound = evidence.drill().objectives().writeGapAfterLeaderLoss();
        findings.figure("write gap per survivor", gaps, Optional.of(bound.value()), bound.source());
        return findings.result();
    }

    /** The coverage says that a class was tried, so the members that were killed must be those that it names. */
    private static void victims(AttemptEvidence evidence, FaultLife fault, Leadership leadership, Findings findings) {
        String name = evidence.plan().coverageClass();
        Matcher asPlanned = CLASS.matcher(name);
        if (!asPlanned.matches()) {
            return;
        }
        String killed = "Fault " + fault.id() + " killed " + String.join(", ", fault.members());
        String otherwise = ", so the attempt is not of its class: " + name + ".";
        if (!asPlanned.group("victims").equals(String.valueOf(fault.members().size()))) {
            findings.inconclusive(killed + otherwise);
        }
        Optional<Leadership.Leader> leader =
                leadership.before(fault.at(FaultEvent.Phase.INJECTED).orElseThrow());
        if (leader.isEmpty()) {
            findings.inconclusive(killed + ", but who was leader then was not recorded, so it is not known whether the"
                    + " attempt is of its class: " + name + ".");
        } else if (leader.get().isAmong(fault.members())
                != asPlanned.group("who").equals("with the leader")) {
            findings.inconclusive(killed + ", and " + leader.get().name() + " led then" + otherwise);
        }
    }

    private record Outage(FaultLife fault, Window window, List<String> survivors) {}

    private static void withMajority(
            AttemptEvidence evidence, Outage outage, HostStalls stalls, Findings findings, List<Duration> gaps) {
        DrillPlan.Bound bound = evidence.drill().objectives().writeGapAfterLeaderLoss();
        for (String survivor : outage.survivors()) {
            List<Operation> writes = evidence.operations().stream()
                    .filter(operation -> operation.member().equals(survivor))
                    .filter(Operation::acknowledgedWrite)
                    .filter(write -> write.invoked().compareTo(outage.window().injected()) > 0)
                    .filter(write -> write.returned()
                                    .orElseThrow()
                                    .compareTo(outage.window().lifted())
                            <= 0)
                    .toList();
            String without = "without " + String.join(", ", outage.fault().members());
            if (writes.isEmpty()) {
                nothingAcknowledged(evidence, survivor, without, outage, stalls, findings);
                continue;
            }
            WriteGap gap = WriteGap.of(outage.fault(), writes);
            Operation end = gap.end().orElseThrow();
            gaps.add(gap.length().orElseThrow());
            stalls.judge(
                    findings,
                    "survivors that resumed too late",
                    survivor + " acknowledged no write " + without,
                    gap.start(),
                    end.returned().orElseThrow(),
                    bound,
                    end);
            enoughWrites(survivor, without, writes, end, outage, stalls, findings);
        }
    }

    private static void nothingAcknowledged(
            AttemptEvidence evidence,
            String survivor,
            String without,
            Outage outage,
            HostStalls stalls,
            Findings findings) {
        DrillPlan.Bound bound = evidence.drill().objectives().writeGapAfterLeaderLoss();
        // One that was asked only just before the members came back had no time to be acknowledged.
        Duration latest = outage.window().lifted().minus(bound.value());
        List<Operation> tried = evidence.operations().stream()
                .filter(operation -> operation.member().equals(survivor)
                        && operation.request().writes()
                        && operation.invoked().compareTo(outage.window().injected()) > 0
                        && operation.invoked().compareTo(latest) < 0)
                .limit(2)
                .toList();
        String sentence = survivor + " acknowledged no write at all " + without;
        if (outage.window().lifted().minus(outage.window().injected()).compareTo(bound.value()) <= 0) {
            findings.inconclusive(sentence + ", but they came back sooner than the " + Wording.time(bound.value())
                    + " that it is allowed.");
        } else if (tried.isEmpty()) {
            findings.inconclusive("No write was asked of " + survivor + " " + without + " in time to be acknowledged.");
        } else {
            stalls.judge(
                    findings,
                    "survivors that never resumed",
                    sentence,
                    outage.window().injected(),
                    outage.window().lifted(),
                    bound,
                    tried.toArray(new Operation[0]));
        }
    }

    private static void enoughWrites(
            String survivor,
            String without,
            List<Operation> writes,
            Operation first,
            Outage outage,
            HostStalls stalls,
            Findings findings) {
        Duration from = first.returned().orElseThrow();
        long more = writes.stream()
                .filter(write -> write.returned().orElseThrow().compareTo(from) > 0)
                .count();
        findings.evidence(survivor + ": " + Wording.count(more, "more acknowledged write") + " " + without);
        if (more >= WRITES_WITH_MAJORITY) {
            return;
        }
        Duration awake = outage.window()
                .lifted()
                .minus(from)
                .minus(stalls.within(from, outage.window().lifted()));
        String sentence = survivor + " acknowledged only " + Wording.count(more, "more write") + " " + without + " in "
                + Wording.time(awake) + " after its first; " + WRITES_WITH_MAJORITY + " are needed";
        if (awake.compareTo(TIME_FOR_WRITES) >= 0) {
            findings.fail("survivors that hardly write", sentence + ".", first);
        } else {
            findings.inconclusive(
                    sentence + ", and it did not have the " + TIME_FOR_WRITES.toSeconds() + " s that it may take.");
        }
    }

    private static void withoutMajority(AttemptEvidence evidence, Outage outage, HostStalls stalls, Findings findings) {
        String without = "without a majority (" + String.join(", ", outage.survivors()) + " alone)";
        long unknown = 0;
        for (Operation operation : evidence.operations()) {
            if (outage.window().answeredIn(operation) && Reading.linearizable(operation)) {
                findings.fail(
                        operation.acknowledgedWrite()
                                ? "writes acknowledged without a majority"
                                : "linearizable answers without a majority",
                        "The " + Wording.operation(operation) + " was "
                                + (operation.acknowledgedWrite() ? "acknowledged " : "answered ") + without
                                + ": nobody can have agreed to it.",
                        operation);
            }
            if (outage.window().askedIn(operation)
                    && operation.request().writes()
                    && operation.outcome() instanceof Outcome.Unknown) {
                unknown++;
            }
        }
        if (unknown == 0) {
            findings.inconclusive(
                    "No write of unknown outcome was recorded " + without + ", so writes were hardly tried there.");
        }
        for (String survivor : outage.survivors()) {
            serializableReads(evidence, survivor, without, outage, stalls, findings);
        }
        findings.evidence(Wording.count(unknown, "write") + " of unknown outcome " + without);
    }

    private static void serializableReads(
            AttemptEvidence evidence,
            String survivor,
            String without,
            Outage outage,
            HostStalls stalls,
            Findings findings) {
        List<Operation> tried = evidence.operations().stream()
                .filter(operation -> operation.member().equals(survivor)
                        && operation.request() instanceof Request.Get
                        && !Reading.linearizable(operation)
                        && outage.window().overIn(operation))
                .toList();
        long answered = tried.stream().filter(outage.window()::answeredIn).count();
        findings.evidence(survivor + ": " + Wording.count(answered, "serializable read") + " answered " + without);
        if (answered > 0) {
            return;
        }
        String sentence = survivor + " answered no serializable read " + without;
        if (tried.size() < LEAST_READS) {
            findings.inconclusive(sentence + ", but only " + tried.size()
                    + " were asked and over in that time; that is too few to tell.");
        } else if (stalls.mostOf(outage.window().seen(), outage.window().lifted())) {
            findings.inconclusive(HostStalls.blamed(
                    sentence,
                    stalls.within(outage.window().seen(), outage.window().lifted())));
        } else {
            findings.fail(
                    "survivors that answer no serializable read",
                    sentence + ", though " + tried.size() + " were asked.",
                    tried.subList(0, Math.min(2, tried.size())));
        }
    }
}
