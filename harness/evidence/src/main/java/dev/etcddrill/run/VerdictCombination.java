package dev.etcddrill.run;

import dev.etcddrill.check.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The worst of several verdicts: FAIL before INCONCLUSIVE before PASS (design decision 6), with the reasons of the worst
 * only, each once. The gravest reason comes first, because it is the one that a headline shows.
 */
final class VerdictCombination {
    /** Comes before every check's reasons: what ended an attempt explains all that is missing after it. */
    static final int FIRST = -1;

    private final Map<String, Integer> failures = new LinkedHashMap<>();
    private final Map<String, Integer> doubts = new LinkedHashMap<>();

    /**
     * Adds a reason to fail.
     *
     * @param rank place among the reasons, smaller is earlier; equal ones stay in their order
     */
    void fail(int rank, String reason) {
        failures.merge(reason, rank, Math::min);
    }

    /** Adds a reason to doubt; the rank as in {@link #fail}. */
    void inconclusive(int rank, String reason) {
        doubts.merge(reason, rank, Math::min);
    }

    /** Adds all reasons of another one, with its ranks, each behind a prefix. */
    void add(String prefix, VerdictCombination other) {
        if (!other.failures.isEmpty()) {
            other.failures.forEach((reason, rank) -> fail(rank, prefix + reason));
        } else {
            other.doubts.forEach((reason, rank) -> inconclusive(rank, prefix + reason));
        }
    }

    Verdict verdict() {
        if (!failures.isEmpty()) {
            return new Verdict.Fail(ordered(failures));
        }
        return doubts.isEmpty() ? new Verdict.Pass() : new Verdict.Inconclusive(ordered(doubts));
    }

    private static List<String> ordered(Map<String, Integer> reasons) {
        return reasons.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }
}
