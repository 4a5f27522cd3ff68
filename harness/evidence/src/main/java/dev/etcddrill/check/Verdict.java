package dev.etcddrill.check;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** The answer of a check, an attempt, a drill or a run. */
public sealed interface Verdict {
    /** Why, in sentences for people; empty for PASS. */
    List<String> reasons();

    /** The word for it: PASS, FAIL or INCONCLUSIVE. */
    String word();

    /** The guarantee held, and there is enough evidence to say so. */
    record Pass() implements Verdict {
        @Override
        public List<String> reasons() {
            return List.of();
        }

        @Override
        public String word() {
            return "PASS";
        }
    }

    /** The guarantee broke. */
    record Fail(List<String> reasons) implements Verdict {
        public Fail {
            reasons = List.copyOf(reasons);
            requireNonNull(reasons, "reasons");
        }

        @Override
        public String word() {
            return "FAIL";
        }
    }

    /** There is too little evidence to say either. */
    record Inconclusive(List<String> reasons) implements Verdict {
        public Inconclusive {
            reasons = List.copyOf(reasons);
        }

        /** Whether there is no reason but that the host itself stood still: the same may be judged well another time. */
        public boolean onlyForTheHost() {
            return !reasons.isEmpty() && reasons.stream().allMatch(reason -> reason.contains(HostStalls.BLAMED));
        }

        @Override
        public String word() {
            return "INCONCLUSIVE";
        }
    }
}
