package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

/**
 * One step of a plan. Steps are done one after another; each waits for its trigger, counted from when the step before was
 * done.
 *
 * @param action what is done
 * @param fault id of the fault that it is done with
 * @param trigger what it waits for
 */
public record PlanStep(Action action, String fault, Trigger trigger) {
    public PlanStep {
        requireNonNull(action, "action");
        requireNonNull(fault, "fault");
        requireNonNull(trigger, "trigger");
    }

    /** What a step does. */
    public enum Action {
        INJECT("inject"),
        LIFT("lift");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        /** As in plans. */
        public String word() {
            return word;
        }
    }
}
