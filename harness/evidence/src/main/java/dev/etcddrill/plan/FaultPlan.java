package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is done to a cluster, as data: which faults, on whom, and in which steps. Faults that no step lifts are lifted at
 * the end, last in first out.
 *
 * @param name of the plan, fit for a file name
 * @param beyondQuorum whether it may take so much that no majority is left
 * @param faults in the order of the file
 * @param steps in order
 */
public record FaultPlan(String name, boolean beyondQuorum, List<PlannedFault> faults, List<PlanStep> steps) {
    /**
     * Checks the steps.
     *
     * @throws IllegalArgumentException with every mistake, a line each
     */
    public FaultPlan {
        requireNonNull(name, "name");
        faults = List.copyOf(faults);
        steps = List.copyOf(steps);
        List<String> mistakes = new ArrayList<>();
        if (steps.isEmpty()) {
            mistakes.add("a plan has steps, but " + name + " has none");
        }
        stepMistakes(faults.stream().map(PlannedFault::id).toList(), steps)
                .forEach((step, mistake) -> mistakes.add("step " + (step + 1) + ": " + mistake));
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
    }

    /**
     * What is wrong with the order of steps, by the index of the step.
     *
     * @param faults ids of the plan's faults
     */
    public static Map<Integer, String> stepMistakes(Collection<String> faults, List<PlanStep> steps) {
        Set<String> known = new LinkedHashSet<>(faults);
        Set<String> active = new LinkedHashSet<>();
        Map<Integer, String> mistakes = new LinkedHashMap<>();
        for (int index = 0; index < steps.size(); index++) {
            PlanStep step = steps.get(index);
            String fault = step.fault();
            if (!known.contains(fault)) {
                mistakes.put(index, "there is no fault " + fault + "; the plan's are " + String.join(", ", known));
            } else if (step.action() == PlanStep.Action.INJECT && !active.add(fault)) {
                mistakes.put(index, "the fault " + fault + " is in force already; lift it first, or name another");
            } else if (step.action() == PlanStep.Action.LIFT && !active.remove(fault)) {
                mistakes.put(index, "the fault " + fault + " is not in force here; inject it first");
            }
        }
        return mistakes;
    }

    /** The fault of an id. */
    public PlannedFault fault(String id) {
        return faults.stream()
                .filter(fault -> fault.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the plan " + name + " has no fault " + id));
    }

    /** Ids of the faults that are in force after each step. */
    public List<List<String>> inForceAfterEachStep() {
        List<List<String>> moments = new ArrayList<>();
        Set<String> active = new LinkedHashSet<>();
        for (PlanStep step : steps) {
            if (step.action() == PlanStep.Action.INJECT) {
                active.add(step.fault());
            } else {
                active.remove(step.fault());
            }
            moments.add(List.copyOf(active));
        }
        return moments;
    }

    /** Begins a plan in code. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Puts a plan together. */
    public static final class Builder {
        private final String name;
        private final List<PlannedFault> faults = new ArrayList<>();
        private final List<PlanStep> steps = new ArrayList<>();
        private boolean beyondQuorum;

        private Builder(String name) {
            this.name = name;
        }

        /** Allows that no majority is left. */
        public Builder beyondQuorum() {
            beyondQuorum = true;
            return this;
        }

        /** Injects a fault after the trigger. */
        public Builder inject(PlannedFault fault, Trigger trigger) {
            Optional<PlannedFault> same = faults.stream()
                    .filter(known -> known.id().equals(fault.id()))
                    .findFirst();
            if (same.isEmpty()) {
                faults.add(fault);
            } else if (!same.get().equals(fault)) {
                throw new IllegalArgumentException("two different faults are called " + fault.id());
            }
            steps.add(new PlanStep(PlanStep.Action.INJECT, fault.id(), trigger));
            return this;
        }

        /** Lifts a fault after the trigger. */
        public Builder lift(String fault, Trigger trigger) {
            steps.add(new PlanStep(PlanStep.Action.LIFT, fault, trigger));
            return this;
        }

        /** The plan. */
        public FaultPlan build() {
            return new FaultPlan(name, beyondQuorum, faults, steps);
        }
    }
}
