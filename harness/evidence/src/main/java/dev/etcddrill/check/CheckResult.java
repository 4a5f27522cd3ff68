package dev.etcddrill.check;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.Operation;
import java.util.List;

/**
 * What a check found.
 *
 * @param check id of the check
 * @param verdict its answer
 * @param evidence what the answer rests on, a line each with a number in it, such as {@code 3,412 acknowledged writes}
 * @param figures what was measured
 * @param operations the few operations that show a failure, in order of invocation
 */
public record CheckResult(
        String check, Verdict verdict, List<String> evidence, List<Figure> figures, List<Operation> operations) {
    public CheckResult {
        requireNonNull(check, "check");
        requireNonNull(verdict, "verdict");
        evidence = List.copyOf(evidence);
        figures = List.copyOf(figures);
        operations = List.copyOf(operations);
    }
}
