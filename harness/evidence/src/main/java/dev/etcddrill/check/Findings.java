package dev.etcddrill.check;

import dev.etcddrill.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects what one check finds in one attempt, and turns it into its result. Mutable, used by one call only. */
final class Findings {
    /** A reader needs examples, not a list of thousands; the rest is counted. */
    private static final int EXAMPLES_PER_KIND = 3;

    private final String check;
    private final Map<String, List<String>> failures = new LinkedHashMap<>();
    private final Map<String, Integer> failureCounts = new LinkedHashMap<>();
    private final Set<String> doubts = new LinkedHashSet<>();
    private final List<String> evidence = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final Map<Long, Operation> operations = new LinkedHashMap<>();

    Findings(String check) {
        this.check = check;
    }

    /**
     * The guarantee broke.
     *
     * @param kind in what way, as a plural noun: the first few of a kind are told, the rest counted
     * @param shown the operations that show it
     */
    void fail(String kind, String reason, List<Operation> shown) {
        failureCounts.merge(kind, 1, Integer::sum);
        List<String> reasons = failures.computeIfAbsent(kind, unused -> new ArrayList<>());
        if (reasons.size() < EXAMPLES_PER_KIND) {
            reasons.add(reason);
            shown.forEach(operation -> operations.putIfAbsent(operation.id(), operation));
        }
    }

    void fail(String kind, String reason, Operation... shown) {
        fail(kind, reason, Arrays.asList(shown));
    }

    /** Something could not be judged. */
    void inconclusive(String reason) {
        doubts.add(reason);
    }

    void evidence(String line) {
        evidence.add(line);
    }

    void figure(String name, List<Duration> values, Optional<Duration> bound, String boundSource) {
        if (!values.isEmpty()) {
            figures.add(new Figure(name, values, bound, boundSource));
        }
    }

    boolean failed() {
        return !failures.isEmpty();
    }

    CheckResult result() {
        List<Operation> shown = new ArrayList<>(operations.values());
        shown.sort(Comparator.comparing(Operation::invoked).thenComparing(Operation::id));
        List<String> lines = new ArrayList<>(evidence);
        Verdict verdict;
        if (failed()) {
            List<String> reasons = new ArrayList<>();
            failures.forEach((kind, examples) -> {
                int count = failureCounts.get(kind);
                if (count > examples.size()) {
                    // First what it means, for a headline; then the examples.
                    reasons.add(String.format(Locale.ROOT, "%,d %s", count, kind));
                }
                reasons.addAll(examples);
            });
            verdict = new Verdict.Fail(reasons);
            doubts.forEach(doubt -> lines.add("not judged: " + doubt));
        } else if (!doubts.isEmpty()) {
            verdict = new Verdict.Inconclusive(List.copyOf(doubts));
        } else {
            verdict = new Verdict.Pass();
        }
        return new CheckResult(check, verdict, lines, figures, shown);
    }
}
