package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.plan.AttemptPlan;
import java.util.List;

/** The verdict on one attempt, with what every check found. */
public record AttemptVerdict(AttemptPlan plan, Verdict verdict, List<CheckResult> results) {
    public AttemptVerdict {
        requireNonNull(plan, "plan");
        requireNonNull(verdict, "verdict");
        results = List.copyOf(results);
    }
}
