package dev.etcddrill.recipe;

import java.util.List;
import java.util.stream.Collectors;

/** A recipe that cannot be used, with every problem that was found in it. */
public final class InvalidRecipeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    // Not part of the serial form: an exception is not how problems travel between programs.
    private final transient List<RecipeProblem> problems;

    InvalidRecipeException(List<RecipeProblem> problems) {
        super(problems.stream().map(RecipeProblem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the file; never empty. */
    public List<RecipeProblem> problems() {
        return problems;
    }
}
