package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Request;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.QuorumGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * While links are cut, whoever cannot belong to a majority decides nothing, whoever must belong to it goes on within the
 * objective, and stale answers are serializable ones only. Who is who follows from the directions that were cut alone.
 */
public final class CutsCheck implements Check {
    private static final Set<String> CUTS =
            Set.of("cut", "isolate", "split", "bridge", "ring", "cut-clients", "blackhole", "reset");

    /** Asked but unanswered reads say something of a member only when there are a few. */
    private static final int LEAST_READS = 5;

    @Override
    public String id() {
        return "cuts";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "A member that is cut off from the majority acknowledges no write and answers no linearizable read; it"
                        + " answers serializable reads from its own state. The majority goes on within the objective.",
                "etcd docs, op-guide/failures, \"Network partition\"; learning/api_guarantees, \"Isolation level and"
                        + " consistency of replicas\"");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        HostStalls stalls = new HostStalls(evidence.observations());
        Leadership leadership = new Leadership(evidence);
        List<Reads> reads = new ArrayList<>();
        List<Duration> gaps = new ArrayList<>();
        int judged = 0;
        for (FaultLife fault : FaultLife.of(evidence.faults())) {
            if (!CUTS.contains(fault.kind()) || !fault.reached(FaultEvent.Phase.INJECTED)) {
                continue;
            }
            if (!fault.reached(FaultEvent.Phase.SEEN) || !fault.reached(FaultEvent.Phase.LIFTED)) {
                findings.inconclusive("Fault " + fault.id() + " was "
                        + (fault.reached(FaultEvent.Phase.SEEN) ? "not lifted" : "not seen to take effect")
                        + ", so how long the links were cut is not known.");
                continue;
            }
            judged++;
            Sides sides = Sides.of(evidence.drill().members(), fault.links());
            Window window = Window.of(fault);
            asItsClass(evidence, fault, sides, leadership, findings);
            cutOff(evidence, fault, sides, window, findings).ifPresent(reads::add);
            unreachable(evidence, sides, window, findings);
            kept(evidence, fault, sides, window, leadership, stalls, findings, gaps);
            findings.evidence("Fault " + fault.id() + " (" + fault.kind() + "): cut off "
                    + (sides.cutOff().isEmpty() ? "nobody" : String.join(", ", sides.cutOff()))
                    + ", unreachable for clients "
                    + (sides.unreachable().isEmpty() ? "nobody" : String.join(", ", sides.unreachable())) + ", for "
                    + Wording.time(window.lifted().minus(window.seen())));
        }
        if (judged == 0) {
            findings.inconclusive("No link was cut and seen to be cut, so nothing was shown.");
        }
        judge(reads, findings);
        DrillPlan.Bound bound = evidence.drill().objectives().writeGapAfterLeaderLoss();
        findings.figure(
                "write gap of members that stay with the majority", gaps, Optional.of(bound.value()), bound.source());
        return findings.result();
    }

    /**
     * Who stands where, by the directions that are cut.
     *
     * @param cutOff members that no majority can have among it
     * @param kept members that every majority must have among it
     * @param unreachable members that clients do not reach
     */
    private record Sides(Set<String> cutOff, Set<String> kept, Set<String> unreachable, List<Link> cuts) {
        /** Far longer than anything: only what is cut counts here. */
        private static final Duration NO_DELAYS = Duration.ofDays(1);

        static Sides of(List<String> members, List<Link> cuts) {
            List<FaultEffect> effects = cuts.stream()
                    .filter(link -> !link.ofClients())
                    .map(link -> (FaultEffect) new FaultEffect.LinkCut(link))
                    .toList();
            List<Set<String>> majorities = new QuorumGuard(members, NO_DELAYS).majorities(effects);
            Set<String> cutOff = new HashSet<>(members);
            Set<String> kept = new HashSet<>(majorities.isEmpty() ? List.of() : members);
            majorities.forEach(majority -> {
                cutOff.removeAll(majority);
                kept.retainAll(majority);
            });
            Set<String> unreachable = new HashSet<>();
            cuts.stream()
                    .filter(Link::ofClients)
                    .forEach(link -> unreachable.add(link.from().equals(Link.CLIENTS) ? link.to() : link.from()));
            return new Sides(cutOff, kept, unreachable, cuts);
        }
    }

    /** An attempt must have done what its class says: one about the leader has cut off the leader. */
    private static void asItsClass(
            AttemptEvidence evidence, FaultLife fault, Sides sides, Leadership leadership, Findings findings) {
        String name = evidence.plan().coverageClass();
        boolean aboutLeader = name.startsWith("leader");
        if (!aboutLeader && !name.startsWith("follower")) {
            return;
        }
        Optional<Leadership.Leader> leader =
                leadership.before(fault.at(FaultEvent.Phase.INJECTED).orElseThrow());
        if (leader.isEmpty()) {
            findings.inconclusive(
                    "Who led when fault " + fault.id() + " was injected was not recorded, so it is not known"
                            + " whether the attempt is of its class: " + name + ".");
        } else if (leader.get().isAmong(List.copyOf(sides.cutOff())) != aboutLeader) {
            findings.inconclusive("Fault " + fault.id() + " cut off " + String.join(", ", sides.cutOff()) + ", and "
                    + leader.get().name() + " led then, so the attempt is not of its class: " + name + ".");
        }
    }

    /** Returns the serializable reads that members cut off were asked; empty where nobody was cut off. */
    private static Optional<Reads> cutOff(
            AttemptEvidence evidence, FaultLife fault, Sides sides, Window window, Findings findings) {
        List<Operation> asked = new ArrayList<>();
        long answers = 0;
        for (Operation operation : evidence.operations()) {
            if (!sides.cutOff().contains(operation.member()) || !window.overIn(operation)) {
                continue;
            }
            boolean answered = window.answeredIn(operation);
            if (answered && Reading.linearizable(operation)) {
                findings.fail(
                        operation.acknowledgedWrite()
                                ? "writes acknowledged on a member that was cut off"
                                : "linearizable answers of a member that was cut off",
                        "The " + Wording.operation(operation) + " was "
                                + (operation.acknowledgedWrite() ? "acknowledged" : "answered") + " by "
                                + operation.member() + ", which fault " + fault.id()
                                + " had cut off from the majority: nobody can have agreed to it.",
                        operation);
            }
            if (!sides.unreachable().contains(operation.member())
                    && operation.request() instanceof Request.Get
                    && !Reading.linearizable(operation)) {
                asked.add(operation);
                answers += answered ? 1 : 0;
            }
        }
        return sides.cutOff().isEmpty() ? Optional.empty() : Optional.of(new Reads(fault.id(), asked, answers));
    }

    private static void unreachable(AttemptEvidence evidence, Sides sides, Window window, Findings findings) {
        evidence.operations().stream()
                .filter(operation -> sides.unreachable().contains(operation.member()) && window.answeredIn(operation))
                .findFirst()
                .ifPresent(operation -> findings.inconclusive("The " + Wording.operation(operation)
                        + " was answered by " + operation.member()
                        + ", although clients were cut from it: the cut was not what it should be."));
    }

    private static void kept(
            AttemptEvidence evidence,
            FaultLife fault,
            Sides sides,
            Window window,
            Leadership leadership,
            HostStalls stalls,
            Findings findings,
            List<Duration> gaps) {
        Optional<DrillPlan.Bound> bound = bound(evidence, fault, sides, leadership, findings);
        if (bound.isEmpty()) {
            return;
        }
        for (String member : sides.kept()) {
            if (sides.unreachable().contains(member)) {
                continue;
            }
            List<Operation> writes = evidence.operations().stream()
                    .filter(operation -> operation.member().equals(member))
                    .filter(Operation::acknowledgedWrite)
                    .filter(write -> write.invoked().compareTo(window.injected()) > 0)
                    .filter(write -> write.returned().orElseThrow().compareTo(window.lifted()) <= 0)
                    .toList();
            String what =
                    member + ", which stayed with the majority under fault " + fault.id() + ", acknowledged no write";
            if (writes.isEmpty()) {
                if (window.lifted()
                                .minus(window.injected())
                                .compareTo(bound.get().value())
                        <= 0) {
                    findings.inconclusive(what + ", but the fault was lifted sooner than the "
                            + Wording.time(bound.get().value()) + " that it is allowed.");
                } else {
                    stalls.judge(
                            findings,
                            "members that never resumed",
                            what,
                            window.injected(),
                            window.lifted(),
                            bound.get());
                }
                continue;
            }
            WriteGap gap = WriteGap.of(fault, writes);
            Operation end = gap.end().orElseThrow();
            gaps.add(gap.length().orElseThrow());
            stalls.judge(
                    findings,
                    "members that resumed too late",
                    what,
                    gap.start(),
                    end.returned().orElseThrow(),
                    bound.get(),
                    end);
        }
    }

    /**
     * The objective for a lost leader. A leader that hears nobody and is heard steps down only when it notices: etcd's
     * check-quorum looks once an election timeout at who answered since the last look, so after at most two.
     */
    private static Optional<DrillPlan.Bound> bound(
            AttemptEvidence evidence, FaultLife fault, Sides sides, Leadership leadership, Findings findings) {
        DrillPlan.Bound objective = evidence.drill().objectives().writeGapAfterLeaderLoss();
        Optional<String> leader = leadership
                .before(fault.at(FaultEvent.Phase.INJECTED).orElseThrow())
                .flatMap(Leadership.Leader::member)
                .filter(sides.cutOff()::contains);
        boolean heard = leader.isPresent()
                && sides.kept().stream().anyMatch(member -> !sides.cuts().contains(new Link(leader.get(), member)));
        if (!heard) {
            return Optional.of(objective);
        }
        Optional<Duration> electionTimeout = new Settings(evidence.observations()).electionTimeout();
        if (electionTimeout.isEmpty()) {
            findings.inconclusive(
                    "The election timeout was not recorded, so it is not known by when a leader that hears"
                            + " nobody must have stepped down.");
            return Optional.empty();
        }
        return Optional.of(new DrillPlan.Bound(
                objective.value().plus(electionTimeout.get().multipliedBy(2)),
                objective.source()
                        + ", and two election timeouts until a leader that is heard but hears nobody steps down"
                        + " (etcd raft, check-quorum)"));
    }

    /** Serializable reads on members that a fault cut off. */
    private record Reads(String fault, List<Operation> asked, long answered) {}

    /** Each fault by itself; of one that was too short for enough reads only what the others show is known. */
    private static void judge(List<Reads> faults, Findings findings) {
        long asked = faults.stream().mapToLong(reads -> reads.asked().size()).sum();
        long answered = faults.stream().mapToLong(Reads::answered).sum();
        findings.evidence(Wording.count(answered, "serializable read") + " answered by members that were cut off, of "
                + asked + " asked");
        for (Reads reads : faults) {
            if (reads.answered() == 0 && reads.asked().size() >= LEAST_READS) {
                findings.fail(
                        "members that answer no serializable read",
                        "Members that fault " + reads.fault() + " cut off answered no serializable read, though "
                                + reads.asked().size() + " were asked.",
                        reads.asked().subList(0, 2));
            }
        }
        if (faults.isEmpty()
                || answered > 0
                || faults.stream().anyMatch(reads -> reads.asked().size() >= LEAST_READS)) {
            return;
        }
        if (asked >= LEAST_READS) {
            findings.fail(
                    "members that answer no serializable read",
                    "Members that were cut off answered no serializable read, though " + asked + " were asked under "
                            + faults.size() + " faults.",
                    faults.stream()
                            .flatMap(reads -> reads.asked().stream())
                            .limit(2)
                            .toList());
        } else {
            findings.inconclusive("Members that were cut off answered no serializable read, but only " + asked
                    + " were asked and over in that time.");
        }
    }
}
