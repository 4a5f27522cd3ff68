package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.plan.DrillPlan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The verdict on one drill over all its attempts.
 *
 * @param coverage how many completed attempts covered each required class, in the plan's order; 0 makes the drill
 *     inconclusive
 * @param attempts in order; empty where the drill was not run ({@link DrillPlan#notRun()}) or not reached
 */
public record DrillVerdict(
        DrillPlan plan, Verdict verdict, Map<String, Integer> coverage, List<AttemptVerdict> attempts) {
    public DrillVerdict {
        requireNonNull(plan, "plan");
        requireNonNull(verdict, "verdict");
        coverage = Collections.unmodifiableMap(new LinkedHashMap<>(coverage));
        attempts = List.copyOf(attempts);
    }
}
