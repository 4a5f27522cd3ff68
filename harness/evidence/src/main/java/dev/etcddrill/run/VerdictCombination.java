package dev.etcddrill.run;

import dev.etcddrill.check.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The worst of several verdicts: FAIL before INCONCLUSIVE before PASS (design decision 6), with the reasons of the worst
 * only, each once.
 */
final class VerdictCombination {
    private final Set<String> failures = new LinkedHashSet<>();
    private final Set<String> doubts = new LinkedHashSet<>();

    void fail(String reason) {
        failures.add(reason);
    }

    void inconclusive(String reason) {
        doubts.add(reason);
    }

    Verdict verdict() {
        if (!failures.isEmpty()) {
            return new Verdict.Fail(new ArrayList<>(failures));
        }
        return doubts.isEmpty() ? new Verdict.Pass() : new Verdict.Inconclusive(List.copyOf(doubts));
    }
}
