package dev.etcddrill.report.section;

import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.run.AttemptVerdict;
import dev.etcddrill.run.DrillVerdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one check found in all attempts of a drill. */
final class CheckTally {
    private final List<AttemptVerdict> failed = new ArrayList<>();
    private final List<AttemptVerdict> inconclusive = new ArrayList<>();
    private final List<AttemptVerdict> passed = new ArrayList<>();

    private CheckTally() {}

    /** By id of the check: what the plan names, then what else judged. */
    static Map<String, CheckTally> of(DrillVerdict drill) {
        Map<String, CheckTally> tallies = new LinkedHashMap<>();
        for (AttemptVerdict attempt : drill.attempts()) {
            for (CheckResult result : attempt.results()) {
                CheckTally tally = tallies.computeIfAbsent(result.check(), check -> new CheckTally());
                tally.attempts(result.verdict()).add(attempt);
            }
        }
        return tallies;
    }

    private List<AttemptVerdict> attempts(Verdict verdict) {
        if (verdict instanceof Verdict.Fail) {
            return failed;
        }
        return verdict instanceof Verdict.Inconclusive ? inconclusive : passed;
    }

    List<AttemptVerdict> failed() {
        return failed;
    }

    List<AttemptVerdict> inconclusive() {
        return inconclusive;
    }

    List<AttemptVerdict> passed() {
        return passed;
    }

    /** Attempts that show best that the check does not pass; empty where it does. */
    List<AttemptVerdict> telling() {
        return failed.isEmpty() ? inconclusive : failed;
    }

    Verdict worst() {
        if (!failed.isEmpty()) {
            return new Verdict.Fail(List.of());
        }
        return inconclusive.isEmpty() ? new Verdict.Pass() : new Verdict.Inconclusive(List.of());
    }
}
