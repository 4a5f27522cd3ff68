package dev.etcddrill.document;

import java.util.List;
import java.util.stream.Collectors;

/** A document, such as a recipe, that cannot be used, with every problem that was found in it. */
public final class InvalidDocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    // Not part of the serial form: an exception is not how problems travel between programs.
    private final transient List<DocumentProblem> problems;

    public InvalidDocumentException(List<DocumentProblem> problems) {
        super(problems.stream().map(DocumentProblem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the file; never empty. */
    public List<DocumentProblem> problems() {
        return problems;
    }
}
