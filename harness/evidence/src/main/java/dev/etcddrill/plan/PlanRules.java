package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a plan is held against before anything starts.
 *
 * @param types every fault type by id
 * @param effects what a fault of a type takes from the cluster, once its target is resolved
 * @param probedByConnections whether a fault of a type, by its id, is seen by connections to etcd that go the way of the
 *     links that it hurts, so that something must answer at their end
 * @param startsMembers whether a fault of a type, by its id, starts the members that it hits before it ends them for good
 * @param members of the cluster, in the recipe's order
 * @param electionTimeout of the cluster
 * @param runtime that it will run in, for messages
 * @param obstacle why the runtime cannot do what a type needs; empty where it can
 */
public record PlanRules(
        Map<String, FaultDescription> types,
        Effects effects,
        Predicate<String> probedByConnections,
        Predicate<String> startsMembers,
        List<String> members,
        Duration electionTimeout,
        String runtime,
        Function<String, Optional<String>> obstacle) {
    /** The drills' clients give a write up after half an election timeout. */
    private static final int CLIENT_DEADLINES_IN_ELECTION_TIMEOUT = 2;

    /** Whether a member that was hurt goes on is asked with this deadline. */
    public static final Duration LONGEST_ANSWER = Duration.ofSeconds(1);

    public PlanRules {
        types = java.util.Collections.unmodifiableMap(new TreeMap<>(types));
        requireNonNull(effects, "effects");
        requireNonNull(probedByConnections, "probedByConnections");
        requireNonNull(startsMembers, "startsMembers");
        members = List.copyOf(members);
        requireNonNull(electionTimeout, "electionTimeout");
        requireNonNull(runtime, "runtime");
        requireNonNull(obstacle, "obstacle");
    }

    /** Counts voters. */
    public QuorumGuard guard() {
        return new QuorumGuard(members, electionTimeout);
    }

    /**
     * Whether two faults cannot be in force together: whoever leads and whoever is drawn, both take the same member down,
     * or both hold the same direction of a link, of clients too, so that neither could be seen for itself. A link on which
     * nothing comes back shows nothing of a fault that is probed by connections either.
     */
    boolean contradictory(PlannedFault one, PlannedFault other) {
        boolean connections = probedByConnections.test(one.type()) || probedByConnections.test(other.type());
        return Resolutions.of(one.target(), members).stream()
                .allMatch(mine -> Resolutions.of(other.target(), members).stream()
                        .allMatch(theirs -> clash(
                                effects.of(one, mine, members), effects.of(other, theirs, members), connections)));
    }

    private static boolean clash(List<FaultEffect> some, List<FaultEffect> others, boolean connections) {
        return some.stream()
                .anyMatch(mine -> others.stream()
                        .anyMatch(theirs ->
                                hit(mine).equals(hit(theirs)) || (connections && closesTheWayBack(mine, theirs))));
    }

    private static boolean closesTheWayBack(FaultEffect one, FaultEffect other) {
        return (one instanceof FaultEffect.LinkCut || other instanceof FaultEffect.LinkCut)
                && hit(one) instanceof Link link
                && link.reversed().equals(hit(other));
    }

    private static Object hit(FaultEffect effect) {
        if (effect instanceof FaultEffect.MemberDown down) {
            return down.member();
        } else if (effect instanceof FaultEffect.MemberHalted halted) {
            return halted.member();
        } else if (effect instanceof FaultEffect.DataTaken taken) {
            return taken.member();
        }
        return effect instanceof FaultEffect.LinkCut cut ? cut.link() : ((FaultEffect.LinkDelayed) effect).link();
    }

    /**
     * A mistake of a plan.
     *
     * @param step that it is in, counted from 0; the number of steps where it is in what is lifted after the last one
     */
    public record Mistake(int step, String text) {
        public Mistake {
            requireNonNull(text, "text");
        }
    }

    /**
     * What makes a plan of possible faults impossible as a whole. A fault that took data cannot be lifted while another one
     * keeps members from each other. A fault of links can be seen neither to come nor to go while a member at their end is
     * down, nor can the start of a member that finds no majority. A step cannot wait for writes where nobody can acknowledge
     * one. Two faults that contradict each other cannot be in force together.
     */
    public List<Mistake> mistakes(FaultPlan plan) {
        List<Mistake> mistakes = new ArrayList<>();
        orderMistakes(plan).forEach((step, text) -> mistakes.add(new Mistake(step, text)));
        Set<Set<String>> told = new HashSet<>();
        List<List<String>> moments = plan.inForceAfterEachStep();
        for (int index = 0; index < moments.size(); index++) {
            if (index > 0
                    && plan.steps().get(index).trigger() instanceof Trigger.AcknowledgedWrites
                    && !writable(
                            moments.get(index - 1).stream().map(plan::fault).toList())) {
                mistakes.add(new Mistake(
                        index,
                        "no write can be acknowledged in the half election timeout that clients wait, and this step waits for some, while "
                                + inForce(moments.get(index - 1)) + "; give a time, such as 5s"));
            }
            List<String> inForce = moments.get(index).stream().sorted().toList();
            for (String one : inForce) {
                for (String other : inForce.subList(inForce.indexOf(one) + 1, inForce.size())) {
                    if (told.add(Set.of(one, other)) && contradictory(plan.fault(one), plan.fault(other))) {
                        mistakes.add(new Mistake(
                                index,
                                "the faults " + one + " and " + other
                                        + " hit the same target at the same time; lift one before the other"));
                    }
                }
            }
        }
        return mistakes;
    }

    /** Whether, at best, a majority is left and clients reach a member of it, and an answer comes before they give up. */
    private boolean writable(List<PlannedFault> faults) {
        Duration deadline = electionTimeout.dividedBy(CLIENT_DEADLINES_IN_ELECTION_TIMEOUT);
        QuorumGuard inTime = new QuorumGuard(members, deadline);
        return together(faults).stream()
                .anyMatch(effects -> inTime.majorities(effects).stream()
                        .flatMap(Set::stream)
                        .anyMatch(member -> effects.stream().noneMatch(cutsClientsFrom(member))
                                && clientRoundTrip(effects, member).compareTo(deadline) < 0));
    }

    private static Duration clientRoundTrip(Set<FaultEffect> effects, String member) {
        Link asked = new Link(Link.CLIENTS, member);
        return effects.stream()
                .filter(FaultEffect.LinkDelayed.class::isInstance)
                .map(FaultEffect.LinkDelayed.class::cast)
                .filter(delayed ->
                        delayed.link().equals(asked) || delayed.link().equals(asked.reversed()))
                .map(FaultEffect.LinkDelayed::delay)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** By the index of the step; what is left is lifted at the end, last in first out. */
    private Map<Integer, String> orderMistakes(FaultPlan plan) {
        Deque<String> inForce = new ArrayDeque<>();
        Map<Integer, String> mistakes = new TreeMap<>();
        for (int index = 0; index < plan.steps().size(); index++) {
            PlanStep step = plan.steps().get(index);
            if (step.action() == PlanStep.Action.INJECT) {
                look(plan, step.fault(), "injecting", inForce, index, mistakes);
                if (startsMembers.test(plan.fault(step.fault()).type())) {
                    startAlone(plan, step.fault(), "injecting", inForce, index, mistakes);
                    unreached(plan, step.fault(), "injecting", inForce, index, mistakes);
                }
                inForce.push(step.fault());
            } else {
                inForce.remove(step.fault());
                lift(plan, step.fault(), inForce, index, mistakes);
            }
        }
        while (!inForce.isEmpty()) {
            lift(plan, inForce.pop(), inForce, plan.steps().size(), mistakes);
        }
        return mistakes;
    }

    private void look(
            FaultPlan plan,
            String fault,
            String doing,
            Deque<String> others,
            int index,
            Map<Integer, String> mistakes) {
        PlannedFault seen = plan.fault(fault);
        if (!probedByConnections.test(seen.type())) {
            return;
        }
        for (String other : others) {
            boolean dark = Resolutions.of(seen.target(), members).stream()
                    .allMatch(links -> Resolutions.of(plan.fault(other).target(), members).stream()
                            .allMatch(down -> effects.of(plan.fault(other), down, members).stream()
                                    .flatMap(effect -> silenced(effect).stream())
                                    .anyMatch(links.membersConcerned()::contains)));
            if (dark) {
                mistakes.putIfAbsent(
                        index,
                        doing + " " + fault + " could not be seen: " + other
                                + " has a member at the end of its links down, which answers no probe; change the order,"
                                + " or name other links");
            }
        }
    }

    private void lift(
            FaultPlan plan, String fault, Deque<String> stillInForce, int index, Map<Integer, String> mistakes) {
        look(plan, fault, "lifting", stillInForce, index, mistakes);
        startAlone(plan, fault, "lifting", stillInForce, index, mistakes);
        unreached(plan, fault, "lifting", stillInForce, index, mistakes);
        if (!may(plan.fault(fault), FaultEffect.DataTaken.class::isInstance)) {
            return;
        }
        for (String other : stillInForce) {
            if (may(plan.fault(other), this::keepsAway)) {
                mistakes.putIfAbsent(
                        index,
                        "lifting " + fault + " replaces its members, and etcd puts none in while " + other
                                + " keeps another one away; lift " + other
                                + " before, or name all members that lose their data in one fault");
            }
        }
    }

    /** A member that is started answers only once it has joined a majority. */
    private void startAlone(
            FaultPlan plan,
            String fault,
            String doing,
            Deque<String> stillInForce,
            int index,
            Map<Integer, String> mistakes) {
        if (stillInForce.isEmpty()) {
            return;
        }
        Set<Set<FaultEffect>> others =
                together(stillInForce.stream().map(plan::fault).toList());
        boolean alone = Resolutions.of(plan.fault(fault).target(), members).stream()
                .allMatch(target -> effects.of(plan.fault(fault), target, members).stream()
                        .filter(FaultEffect.MemberDown.class::isInstance)
                        .map(FaultEffect.MemberDown.class::cast)
                        .anyMatch(down -> others.stream()
                                .allMatch(effect -> guard().majorities(effect).stream()
                                        .noneMatch(majority -> majority.contains(down.member())))));
        if (alone) {
            mistakes.putIfAbsent(
                    index,
                    doing + " " + fault + " could not be seen: a member that it starts finds no majority while "
                            + inForce(stillInForce) + ", and answers nobody; change the order");
        }
    }

    /** Whether a member goes on is asked the way that clients ask. */
    private void unreached(
            FaultPlan plan,
            String fault,
            String doing,
            Deque<String> stillInForce,
            int index,
            Map<Integer, String> mistakes) {
        for (String other : stillInForce) {
            boolean cut = Resolutions.of(plan.fault(fault).target(), members).stream()
                    .allMatch(target -> Resolutions.of(plan.fault(other).target(), members).stream()
                            .allMatch(links -> effects.of(plan.fault(fault), target, members).stream()
                                    .flatMap(effect -> silenced(effect).stream())
                                    .anyMatch(member -> unreachable(
                                            Set.copyOf(effects.of(plan.fault(other), links, members)), member))));
            if (cut) {
                mistakes.putIfAbsent(
                        index,
                        doing + " " + fault + " could not be seen: nobody can ask its members while " + other
                                + " cuts them from their clients, or slows those; lift " + other + " before");
            }
        }
    }

    /** Cut off, or so slow that two round trips, for TLS and for the question, take longer than is waited for the answer. */
    private static boolean unreachable(Set<FaultEffect> effects, String member) {
        return effects.stream().anyMatch(cutsClientsFrom(member))
                || clientRoundTrip(effects, member).multipliedBy(2).compareTo(LONGEST_ANSWER) >= 0;
    }

    private static Predicate<FaultEffect> cutsClientsFrom(String member) {
        Link asked = new Link(Link.CLIENTS, member);
        return effect -> effect.equals(new FaultEffect.LinkCut(asked))
                || effect.equals(new FaultEffect.LinkCut(asked.reversed()));
    }

    /** What faults take together, each way once: how many ways there are to get there does not matter. */
    Set<Set<FaultEffect>> together(List<PlannedFault> faults) {
        Set<Set<FaultEffect>> together = Set.of(Set.of());
        for (PlannedFault fault : faults) {
            Set<Set<FaultEffect>> more = new HashSet<>();
            for (ResolvedTarget target : Resolutions.of(fault.target(), members)) {
                List<FaultEffect> own = effects.of(fault, target, members);
                together.forEach(before -> more.add(joined(before, own)));
            }
            together = more;
        }
        return together;
    }

    /** Delays of one direction add up. */
    private static Set<FaultEffect> joined(Set<FaultEffect> before, List<FaultEffect> more) {
        Set<FaultEffect> joined = new HashSet<>(before);
        for (FaultEffect effect : more) {
            FaultEffect sum = effect;
            if (effect instanceof FaultEffect.LinkDelayed delayed) {
                Duration delay = delayed.delay();
                for (FaultEffect other : List.copyOf(joined)) {
                    if (other instanceof FaultEffect.LinkDelayed known
                            && known.link().equals(delayed.link())) {
                        delay = delay.plus(known.delay());
                        joined.remove(known);
                    }
                }
                sum = new FaultEffect.LinkDelayed(delayed.link(), delay);
            }
            joined.add(sum);
        }
        return joined;
    }

    /** The member that answers nobody. */
    private static Optional<String> silenced(FaultEffect effect) {
        if (effect instanceof FaultEffect.MemberDown down) {
            return Optional.of(down.member());
        }
        return effect instanceof FaultEffect.MemberHalted halted ? Optional.of(halted.member()) : Optional.empty();
    }

    private static String inForce(Collection<String> faults) {
        return String.join(", ", faults) + (faults.size() == 1 ? " is" : " are") + " in force";
    }

    private boolean may(PlannedFault fault, Predicate<FaultEffect> effect) {
        return Resolutions.of(fault.target(), members).stream()
                .anyMatch(target -> effects.of(fault, target, members).stream().anyMatch(effect));
    }

    /** Whether a member cannot be reached by its peers. */
    private boolean keepsAway(FaultEffect effect) {
        if (effect instanceof FaultEffect.LinkCut cut) {
            return !cut.link().ofClients();
        } else if (effect instanceof FaultEffect.LinkDelayed delayed) {
            return !delayed.link().ofClients() && delayed.delay().compareTo(electionTimeout) >= 0;
        }
        return true;
    }

    /** What a fault takes from a cluster. */
    @FunctionalInterface
    public interface Effects {
        List<FaultEffect> of(PlannedFault fault, ResolvedTarget target, List<String> members);
    }
}
