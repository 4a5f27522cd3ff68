package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.QuorumGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Latency within the documented rule changes no leader, and writes take as much longer as the links that carry them, on
 * these and no others. Latency beyond the election timeout leaves no leader: nothing is acknowledged while it lasts.
 */
public final class LatencyCheck implements Check {
    private static final String LATENCY = "latency";

    /** How the drill calls its classes. */
    private static final String WHAT_THE_LEADER_SENDS = "what the leader sends";

    private static final String ONE_FOLLOWERS = "one follower's";

    /** The tuning guide's rule: the election timeout is at least ten round trips. */
    private static final int ROUND_TRIPS_IN_ELECTION_TIMEOUT = 10;

    /**
     * A round trip of so many election timeouts leaves no leader for certain: one that led gets no answer in a whole period
     * between two looks of check-quorum, and a candidate gives up before a vote is here (Raft, section 5.2; etcd's raft
     * draws a timeout of one to two). From one to two a leader may hold or not, by chance.
     */
    private static final int TIMEOUTS_WITHOUT_ANSWER = 2;

    /** After so many election timeouts whoever led before has lost its followers and knows it. */
    private static final int TIMEOUTS_TO_LOSE_THE_LEADER = 3;

    /**
     * After two the leader gave up; what it sent is on its way for the delay; a follower waits for up to two more until it
     * follows nobody.
     */
    private static final int TIMEOUTS_TO_FOLLOW_NOBODY = 4;

    /** What a busy machine may add to a median without having anything to do with links. */
    private static final Duration SLACK = Duration.ofMillis(20);

    /** A median of fewer says little. */
    private static final int LEAST_WRITES = 10;

    @Override
    public String id() {
        return LATENCY;
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "A round trip of at most a tenth of the election timeout changes no leader, and writes take as much longer as"
                        + " the links that carry them; a round trip of an election timeout and more leaves no leader.",
                "etcd docs, tuning, \"Time parameters\"; learning/design-learner (check-quorum); design decision 10");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        Optional<Duration> electionTimeout = new Settings(evidence.observations()).electionTimeout();
        int judged = 0;
        for (FaultLife fault : FaultLife.of(evidence.faults())) {
            if (!fault.kind().equals(LATENCY)
                    || !fault.reached(FaultEvent.Phase.SEEN)
                    || !fault.reached(FaultEvent.Phase.LIFTED)) {
                continue;
            }
            if (electionTimeout.isEmpty()) {
                findings.inconclusive("The election timeout was not recorded, so fault " + fault.id()
                        + " cannot be held against it.");
                continue;
            }
            judged++;
            Delays delays = Delays.of(fault);
            List<String> members = evidence.drill().members();
            if (new QuorumGuard(members, electionTimeout.get()).tolerates(delays.effects())) {
                within(evidence, fault, delays, electionTimeout.get(), findings);
            } else if (new QuorumGuard(members, electionTimeout.get().multipliedBy(TIMEOUTS_WITHOUT_ANSWER))
                    .tolerates(delays.effects())) {
                findings.inconclusive(
                        "Under fault " + fault.id() + " a round trip to a majority takes one to two election"
                                + " timeouts (" + Wording.time(electionTimeout.get())
                                + "): a leader may hold or not, and nothing is promised. Take a longer delay, or a shorter one.");
            } else {
                beyond(evidence, fault, delays, electionTimeout.get(), findings);
            }
        }
        if (judged == 0) {
            findings.inconclusive("No link was slowed and seen to be slow, so nothing was shown.");
        }
        return findings.result();
    }

    /** What was added to each direction. */
    private record Delays(Map<Link, Duration> byLink) {
        static Delays of(FaultLife fault) {
            Duration delay = Duration.parse(fault.parameters().get("delay"));
            Map<Link, Duration> byLink = new HashMap<>();
            fault.links().forEach(link -> byLink.put(link, delay));
            return new Delays(byLink);
        }

        List<FaultEffect> effects() {
            return byLink.entrySet().stream()
                    .filter(delayed -> !delayed.getKey().ofClients())
                    .map(delayed -> (FaultEffect) new FaultEffect.LinkDelayed(delayed.getKey(), delayed.getValue()))
                    .toList();
        }

        Duration roundTrip(String one, String other) {
            if (one.equals(other)) {
                return Duration.ZERO;
            }
            Link there = new Link(one, other);
            return byLink.getOrDefault(there, Duration.ZERO).plus(byLink.getOrDefault(there.reversed(), Duration.ZERO));
        }

        Duration longest() {
            return byLink.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
        }

        Duration longestRoundTrip(List<String> members) {
            return members.stream()
                    .flatMap(one -> members.stream().map(other -> roundTrip(one, other)))
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
        }

        /**
         * What a write at a member takes at least: its way to the leader and back, and the leader's round trip to the
         * quickest followers that make a majority with it. Clients' links come on top.
         */
        Duration least(String member, String leader, List<String> members) {
            List<Duration> followers = members.stream()
                    .filter(other -> !other.equals(leader))
                    .map(other -> roundTrip(leader, other))
                    .sorted()
                    .toList();
            int needed = members.size() / 2;
            Duration commit = needed == 0 ? Duration.ZERO : followers.get(needed - 1);
            return roundTrip(member, leader).plus(commit).plus(roundTrip(member, Link.CLIENTS));
        }
    }

    private static void within(
            AttemptEvidence evidence, FaultLife fault, Delays delays, Duration electionTimeout, Findings findings) {
        Window window = Window.of(fault);
        List<String> members = evidence.drill().members();
        Duration longest = delays.longestRoundTrip(members);
        Optional<String> leader =
                new Leadership(evidence).before(window.injected()).flatMap(Leadership.Leader::member);
        if (leader.isEmpty()) {
            findings.inconclusive("Who led when fault " + fault.id()
                    + " was injected was not recorded, so what its links carry is not known.");
            return;
        }
        asItsClass(evidence, fault, leader.get(), findings);
        boolean ruled = longest.multipliedBy(ROUND_TRIPS_IN_ELECTION_TIMEOUT).compareTo(electionTimeout) <= 0;
        Optional<Observation.MemberStatus> change = change(evidence, window);
        if (change.isPresent()) {
            String sentence = "Under fault " + fault.id() + ", whose longest round trip is " + Wording.time(longest)
                    + ", the leader changed: at " + Wording.time(change.get().at()) + " "
                    + change.get().member()
                    + " was in another term or followed nobody";
            if (ruled
                    && !new HostStalls(evidence.observations())
                            .mostOf(window.seen(), change.get().at())) {
                findings.fail("leader changes under latency within the rule", sentence + ".");
            } else {
                findings.inconclusive(sentence + ", so which links carried the writes is not known.");
            }
            return;
        }
        for (String member : members) {
            writes(evidence, fault, window, member, delays.least(member, leader.get(), members), longest, findings);
        }
        findings.evidence("Fault " + fault.id() + ": " + leader.get() + " led throughout, the longest round trip was "
                + Wording.time(longest) + " of an election timeout of " + Wording.time(electionTimeout));
    }

    /** An attempt must have done what its class says: one about the leader has slowed the leader's links. */
    private static void asItsClass(AttemptEvidence evidence, FaultLife fault, String leader, Findings findings) {
        String name = evidence.plan().coverageClass();
        boolean aboutLeader = name.endsWith(WHAT_THE_LEADER_SENDS);
        if (!aboutLeader && !name.contains(ONE_FOLLOWERS)) {
            return;
        }
        boolean leadersOwn = fault.links().stream()
                .allMatch(link ->
                        link.from().equals(leader) || (!aboutLeader && link.to().equals(leader)));
        if (leadersOwn != aboutLeader) {
            findings.inconclusive("Fault " + fault.id() + " slowed " + fault.links() + ", and " + leader
                    + " led then, so the attempt is not of its class: " + name + ".");
        }
    }

    /** The first status in the window that differs in term or leader from the last one before. */
    private static Optional<Observation.MemberStatus> change(AttemptEvidence evidence, Window window) {
        Map<String, Observation.MemberStatus> before = new HashMap<>();
        for (Observation observation : evidence.observations()) {
            if (!(observation instanceof Observation.MemberStatus status)
                    || status.header().isEmpty()) {
                continue;
            }
            if (status.at().compareTo(window.injected()) <= 0) {
                before.put(status.member(), status);
            } else if (status.at().compareTo(window.lifted()) < 0) {
                Observation.MemberStatus last = before.get(status.member());
                if (last != null
                        && (!last.leaderId().equals(status.leaderId())
                                || last.header().orElseThrow().term()
                                        != status.header().orElseThrow().term())) {
                    return Optional.of(status);
                }
            }
        }
        return Optional.empty();
    }

    private static void writes(
            AttemptEvidence evidence,
            FaultLife fault,
            Window window,
            String member,
            Duration least,
            Duration longest,
            Findings findings) {
        List<Operation> before = acknowledged(evidence, member).stream()
                .filter(write -> write.returned().orElseThrow().compareTo(window.injected()) < 0)
                .toList();
        List<Operation> during = acknowledged(evidence, member).stream()
                .filter(window::answeredIn)
                .toList();
        if (before.size() < LEAST_WRITES || during.size() < LEAST_WRITES) {
            findings.inconclusive(member + " acknowledged " + before.size() + " writes before fault " + fault.id()
                    + " and " + during.size() + " under it; " + LEAST_WRITES + " of each are needed to compare.");
            return;
        }
        Duration usual = median(before);
        Duration now = median(during);
        findings.figure(
                "write under " + fault.id() + " on " + member,
                during.stream().map(LatencyCheck::time).toList(),
                Optional.empty(),
                "the links that carry it add " + Wording.time(least));
        Operation quickest =
                during.stream().min(Comparator.comparing(LatencyCheck::time)).orElseThrow();
        if (time(quickest).compareTo(least) < 0) {
            findings.inconclusive("The " + Wording.operation(quickest) + " on " + member + " took "
                    + Wording.time(time(quickest)) + ", less than the " + Wording.time(least)
                    + " that fault " + fault.id() + " adds to the links that carry it: it was not in force there.");
        }
        // A write may just miss a batch and wait for one more round trip; on links that are not slowed there is none.
        Duration more = least.isZero() ? longest.dividedBy(2) : longest;
        Duration most = usual.multipliedBy(2).plus(least).plus(more.compareTo(SLACK) < 0 ? SLACK : more);
        String sentence = "Half of the writes on " + member + " took " + Wording.time(now) + " and more under fault "
                + fault.id() + "; before it was " + Wording.time(usual) + ", and the links that carry them add "
                + Wording.time(least);
        findings.evidence(sentence);
        if (now.compareTo(most) > 0) {
            HostStalls stalls = new HostStalls(evidence.observations());
            Duration stalled = stalls.within(window.seen(), window.lifted());
            if (stalled.multipliedBy(5).compareTo(window.lifted().minus(window.seen())) > 0) {
                findings.inconclusive(HostStalls.blamed(sentence, stalled));
            } else {
                findings.fail("members whose writes are slower than their links", sentence + ".", quickest);
            }
        }
    }

    private static List<Operation> acknowledged(AttemptEvidence evidence, String member) {
        return evidence.operations().stream()
                .filter(operation -> operation.member().equals(member) && operation.acknowledgedWrite())
                .toList();
    }

    private static Duration time(Operation operation) {
        return operation.returned().orElseThrow().minus(operation.invoked());
    }

    private static Duration median(List<Operation> operations) {
        List<Duration> times = new ArrayList<>(
                operations.stream().map(LatencyCheck::time).sorted().toList());
        return times.get(times.size() / 2);
    }

    private static void beyond(
            AttemptEvidence evidence, FaultLife fault, Delays delays, Duration electionTimeout, Findings findings) {
        Window window = Window.of(fault);
        Duration from = window.seen().plus(electionTimeout.multipliedBy(TIMEOUTS_TO_LOSE_THE_LEADER));
        if (from.compareTo(window.lifted()) >= 0) {
            findings.inconclusive("Fault " + fault.id() + " was lifted before the leader had to be lost.");
            return;
        }
        long unknown = 0;
        List<Operation> refused = new ArrayList<>();
        for (Operation operation : evidence.operations()) {
            boolean asked = operation.invoked().compareTo(from) > 0 && window.askedIn(operation);
            if (asked && window.answeredIn(operation) && operation.acknowledgedWrite()) {
                findings.fail(
                        "writes acknowledged beyond the election timeout",
                        "The " + Wording.operation(operation) + " was acknowledged under fault " + fault.id()
                                + ", although no round trip to a majority is shorter than the election timeout.",
                        operation);
            }
            if (asked && operation.request().writes() && operation.outcome() instanceof Outcome.Unknown) {
                unknown++;
            }
            if (asked
                    && window.overIn(operation)
                    && operation.request().writes()
                    && operation.outcome() instanceof Outcome.Failed) {
                refused.add(operation);
            }
        }
        Duration settled = window.seen()
                .plus(electionTimeout.multipliedBy(TIMEOUTS_TO_FOLLOW_NOBODY))
                .plus(delays.longest());
        long leaderless = 0;
        for (Observation observation : evidence.observations()) {
            if (!(observation instanceof Observation.MemberStatus status)
                    || status.header().isEmpty()
                    || status.at().compareTo(from) <= 0
                    || status.at().compareTo(window.lifted()) >= 0) {
                continue;
            }
            if (status.leaderId().isEmpty()) {
                leaderless++;
            } else if (status.at().compareTo(settled) > 0) {
                led(evidence, fault, window, status, findings);
            }
        }
        findings.evidence("Fault " + fault.id() + ", beyond the election timeout: " + Wording.count(unknown, "write")
                + " of unknown outcome, " + leaderless + " statuses of members that follow nobody");
        if (unknown == 0) {
            findings.inconclusive("No write of unknown outcome was recorded under fault " + fault.id()
                    + ", so writes were hardly tried.");
        }
        if (leaderless == 0) {
            findings.inconclusive("No member was seen to be without a leader under fault " + fault.id() + ".");
        }
        if (!refused.isEmpty()) {
            findings.inconclusive(
                    "The " + Wording.operation(refused.get(0)) + " failed for certain under fault "
                            + fault.id() + ", and " + (refused.size() - 1)
                            + " more: without a leader the outcome of a write is unknown, so it was something else that refused it.");
        }
    }

    private static void led(
            AttemptEvidence evidence,
            FaultLife fault,
            Window window,
            Observation.MemberStatus status,
            Findings findings) {
        String sentence = "At " + Wording.time(status.at()) + " " + status.member() + " followed a leader under fault "
                + fault.id() + ", although no round trip to a majority is shorter than two election timeouts";
        Duration stalled = new HostStalls(evidence.observations()).within(window.seen(), status.at());
        if (stalled.isZero()) {
            findings.fail("a leader beyond the election timeout", sentence + ".");
        } else {
            findings.inconclusive(HostStalls.blamed(sentence, stalled));
        }
    }
}
