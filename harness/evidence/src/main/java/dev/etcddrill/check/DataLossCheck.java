package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A member whose data is lost, or older than what it acknowledged, stays out until it is replaced. Its vote would count for a
 * log that it does not have: with one more member slow, an acknowledged write is gone, and no second fault was needed.
 */
public final class DataLossCheck implements Check {
    /** Once under the leader that knows what the member had, once under another that does not. */
    private static final int LEAST_STARTS = 2;

    @Override
    public String id() {
        return "data-loss";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "A member that lost its data, or has an older copy of it, does not take part again before it was replaced.",
                "etcd docs, op-guide/runtime-configuration, \"Replace a failed machine\"; Raft (Ongaro, 2014), 3.8: what a"
                        + " server voted for and logged must survive; kubernetes-sigs/kubespray 13261");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        List<FaultLife> losses = FaultLife.of(evidence.faults()).stream()
                .filter(FaultLife::tookData)
                .filter(fault -> fault.reached(FaultEvent.Phase.SEEN))
                .toList();
        if (losses.isEmpty()) {
            findings.inconclusive("No member's data was seen to be destroyed or replaced.");
        }
        for (FaultLife loss : losses) {
            loss.members().forEach(member -> judge(loss, member, evidence, findings));
            survivors(loss, evidence, findings);
        }
        return findings.result();
    }

    private static void judge(FaultLife loss, String member, AttemptEvidence evidence, Findings findings) {
        List<Observation.StartAfterDataLoss> starts = evidence.observations().stream()
                .filter(Observation.StartAfterDataLoss.class::isInstance)
                .map(Observation.StartAfterDataLoss.class::cast)
                .filter(start ->
                        start.fault().equals(loss.id()) && start.member().equals(member))
                .toList();
        if (starts.size() < LEAST_STARTS) {
            findings.inconclusive(member + " was started " + Wording.count(starts.size(), "time") + " after "
                    + what(loss) + "; at least " + LEAST_STARTS + " are needed, under two leaders.");
        }
        if (starts.stream().allMatch(Observation.StartAfterDataLoss::refused)) {
            findings.evidence(member + ", after " + what(loss) + ": refused by the deployment in "
                    + Wording.count(starts.size(), "start"));
            return;
        }
        Optional<Duration> lifted = loss.at(FaultEvent.Phase.LIFTED);
        for (int number = 0; number < starts.size(); number++) {
            if (starts.get(number).refused()) {
                continue;
            }
            Optional<Duration> until = number + 1 < starts.size()
                    ? Optional.of(starts.get(number + 1).at())
                    : lifted;
            letStart(loss, starts.get(number), until, evidence, findings);
        }
    }

    private static void letStart(
            FaultLife loss,
            Observation.StartAfterDataLoss start,
            Optional<Duration> until,
            AttemptEvidence evidence,
            Findings findings) {
        String told = start.member() + " was let start at " + Wording.time(start.at()) + " after " + what(loss);
        List<Answer> answers = answers(start.member(), start.at(), until, evidence);
        if (!answers.isEmpty()) {
            Answer first = answers.get(0);
            findings.fail(
                    "members that took part without their data",
                    told + ", and took part again: " + first.words()
                            + ". What it acknowledged before, it does not know.",
                    first.operation().stream().toList());
        } else if (!endedByItself(start.member(), start.at(), until, evidence)) {
            findings.fail(
                    "members that ran without their data",
                    told + ", and its process ran on: it can vote without knowing what it acknowledged.");
        } else {
            findings.evidence(told + "; etcd itself ended without having answered anybody");
        }
    }

    private static String what(FaultLife loss) {
        return (loss.kind().equals("data-loss") ? "its data was lost" : "its data was replaced by an older copy") + " ("
                + loss.id() + ")";
    }

    private record Answer(Duration at, String words, Optional<Operation> operation) {}

    private static List<Answer> answers(
            String member, Duration from, Optional<Duration> until, AttemptEvidence evidence) {
        List<Answer> answers = new ArrayList<>();
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.MemberStatus status
                    && status.member().equals(member)
                    && status.header().isPresent()
                    && within(status.at(), from, until)) {
                answers.add(new Answer(
                        status.at(),
                        "it told its status at " + Wording.time(status.at()) + ", as member "
                                + status.header().get().memberId() + " of cluster "
                                + status.header().get().clusterId(),
                        Optional.empty()));
            }
        }
        for (Operation operation : evidence.operations()) {
            if (operation.member().equals(member)
                    && operation.outcome() instanceof Outcome.Ok
                    && operation.invoked().compareTo(from) >= 0
                    && within(operation.returned().orElseThrow(), from, until)) {
                answers.add(new Answer(
                        operation.returned().orElseThrow(), Wording.operation(operation), Optional.of(operation)));
            }
        }
        answers.sort(Comparator.comparing(Answer::at));
        return answers;
    }

    private static boolean endedByItself(
            String member, Duration from, Optional<Duration> until, AttemptEvidence evidence) {
        return evidence.observations().stream()
                .anyMatch(observation -> observation instanceof Observation.MemberExit exit
                        && exit.member().equals(member)
                        && !exit.expected()
                        && within(exit.at(), from, until));
    }

    private static boolean within(Duration at, Duration from, Optional<Duration> until) {
        return at.compareTo(from) >= 0
                && until.map(end -> at.compareTo(end) < 0).orElse(true);
    }

    /** Where the others did nothing meanwhile, nothing was at stake. */
    private static void survivors(FaultLife loss, AttemptEvidence evidence, Findings findings) {
        Duration seen = loss.at(FaultEvent.Phase.SEEN).orElseThrow();
        long writes = evidence.operations().stream()
                .filter(Operation::acknowledgedWrite)
                .filter(operation -> !loss.members().contains(operation.member()))
                .filter(operation -> operation.invoked().compareTo(seen) > 0
                        && within(operation.returned().orElseThrow(), seen, loss.at(FaultEvent.Phase.LIFTED)))
                .count();
        if (writes == 0) {
            findings.inconclusive("The other members acknowledged no write while the data of "
                    + String.join(", ", loss.members()) + " was lost, so nothing was at stake.");
        } else {
            findings.evidence(Wording.count(writes, "write") + " acknowledged by the others while " + loss.id()
                    + " was in force");
        }
    }
}
