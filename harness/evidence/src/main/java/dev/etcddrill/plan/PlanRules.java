package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

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
     * or both hold the same direction of a link, so that neither could be seen for itself.
     */
    public boolean contradictory(PlannedFault one, PlannedFault other) {
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
     * What is wrong with the order in which faults are lifted, by the index of the step; what is left is lifted at the end,
     * last in first out, and has the index after the last step. A fault that took data cannot be lifted while another one
     * keeps members from each other.
     */
    public Map<Integer, String> liftMistakes(FaultPlan plan) {
        Deque<String> inForce = new ArrayDeque<>();
        Map<Integer, String> mistakes = new TreeMap<>();
        for (int index = 0; index < plan.steps().size(); index++) {
            PlanStep step = plan.steps().get(index);
            if (step.action() == PlanStep.Action.INJECT) {
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

    private void lift(
            FaultPlan plan, String fault, Deque<String> stillInForce, int index, Map<Integer, String> mistakes) {
        if (!may(plan.fault(fault), FaultEffect.DataTaken.class)) {
            return;
        }
        for (String other : stillInForce) {
            if (may(plan.fault(other), FaultEffect.MemberDown.class)
                    || may(plan.fault(other), FaultEffect.LinkCut.class)) {
                mistakes.putIfAbsent(
                        index,
                        "lifting " + fault + " replaces its members, and etcd puts none in while " + other
                                + " keeps another one away; lift " + other
                                + " before, or name all members that lose their data in one fault");
            }
        }
    }

    private boolean may(PlannedFault fault, Class<? extends FaultEffect> effect) {
        return Resolutions.of(fault.target(), members).stream()
                .anyMatch(target -> effects.of(fault, target, members).stream().anyMatch(effect::isInstance));
    }

    /** What a fault takes from a cluster. */
    @FunctionalInterface
    public interface Effects {
        List<FaultEffect> of(PlannedFault fault, ResolvedTarget target, List<String> members);
    }
}
