package dev.etcddrill.document;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Gathers problems and knows where each field of the file stands. Confined to the reading thread. */
public final class ProblemCollector {

    private static final Comparator<DocumentProblem> BY_PLACE =
            Comparator.comparingInt(DocumentProblem::line).thenComparingInt(DocumentProblem::column);

    private final Path file;
    private final Map<String, Mark> places = new HashMap<>();
    private final List<DocumentProblem> problems = new ArrayList<>();

    /** Gathers the problems of a file. */
    public ProblemCollector(Path file) {
        this.file = file;
    }

    /** Remembers where a field's value stands. */
    public void place(String path, Node node) {
        node.getStartMark().ifPresent(mark -> places.putIfAbsent(path, mark));
    }

    /** Adds a problem at a node. */
    public void add(Node node, String path, String message) {
        Optional<Mark> mark = node.getStartMark();
        add(mark.map(Mark::getLine).orElse(-1), mark.map(Mark::getColumn).orElse(-1), path, message);
    }

    /** Adds a problem at a field, or at the nearest field around it when the field itself is not in the file. */
    public void add(String path, String message) {
        String around = path;
        while (!places.containsKey(around) && !around.isEmpty()) {
            around = around.substring(0, Math.max(0, Math.max(around.lastIndexOf('.'), around.lastIndexOf('['))));
        }
        Optional<Mark> mark = Optional.ofNullable(places.get(around));
        add(mark.map(Mark::getLine).orElse(-1), mark.map(Mark::getColumn).orElse(-1), path, message);
    }

    /** Adds a problem at a place that is counted from 0; -1 stands for the file as a whole. */
    public void add(int line, int column, String path, String message) {
        problems.add(new DocumentProblem(file, line + 1, column + 1, path, message));
    }

    /** Whether there is none so far. */
    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** All of them, in the order of the file. */
    public InvalidDocumentException exception() {
        return new InvalidDocumentException(problems.stream().sorted(BY_PLACE).toList());
    }
}
