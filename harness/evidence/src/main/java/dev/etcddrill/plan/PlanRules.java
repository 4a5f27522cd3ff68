package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * @param members of the cluster, in the recipe's order
 * @param electionTimeout of the cluster
 * @param runtime that it will run in, for messages
 * @param obstacle why the runtime cannot do what a type needs; empty where it can
 */
public record PlanRules(
        Map<String, FaultDescription> types,
        Effects effects,
        List<String> members,
        Duration electionTimeout,
        String runtime,
        Function<String, Optional<String>> obstacle) {
    public PlanRules {
        types = java.util.Collections.unmodifiableMap(new TreeMap<>(types));
        requireNonNull(effects, "effects");
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
     * or both hold the same direction of a link, of clients too, so that neither could be seen for itself.
     */
    boolean contradictory(PlannedFault one, PlannedFault other) {
        return Resolutions.of(one.target(), members).stream()
                .allMatch(mine -> Resolutions.of(other.target(), members).stream()
                        .allMatch(theirs -> clash(effects.of(one, mine, members), effects.of(other, theirs, members))));
    }

    private static boolean clash(List<FaultEffect> some, List<FaultEffect> others) {
        return some.stream()
                .anyMatch(mine -> others.stream().anyMatch(theirs -> hit(mine).equals(hit(theirs))));
    }

    private static Object hit(FaultEffect effect) {
        if (effect instanceof FaultEffect.MemberDown down) {
            return down.member();
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
     * down. Two faults that contradict each other cannot be in force together.
     */
    public List<Mistake> mistakes(FaultPlan plan) {
        List<Mistake> mistakes = new ArrayList<>();
        orderMistakes(plan).forEach((step, text) -> mistakes.add(new Mistake(step, text)));
        Set<Set<String>> told = new HashSet<>();
        List<List<String>> moments = plan.inForceAfterEachStep();
        for (int index = 0; index < moments.size(); index++) {
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

    /** By the index of the step; what is left is lifted at the end, last in first out. */
    private Map<Integer, String> orderMistakes(FaultPlan plan) {
        Deque<String> inForce = new ArrayDeque<>();
        Map<Integer, String> mistakes = new TreeMap<>();
        for (int index = 0; index < plan.steps().size(); index++) {
            PlanStep step = plan.steps().get(index);
            if (step.action() == PlanStep.Action.INJECT) {
                look(plan, step.fault(), "injecting", inForce, index, mistakes);
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
        if (seen.target().kind() != FaultTarget.Kind.LINKS) {
            return;
        }
        for (String other : others) {
            boolean dark = Resolutions.of(seen.target(), members).stream()
                    .allMatch(links -> Resolutions.of(plan.fault(other).target(), members).stream()
                            .allMatch(down -> effects.of(plan.fault(other), down, members).stream()
                                    .anyMatch(effect -> effect instanceof FaultEffect.MemberDown member
                                            && links.membersConcerned().contains(member.member()))));
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
