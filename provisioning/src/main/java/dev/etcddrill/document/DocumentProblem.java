package dev.etcddrill.document;

import java.nio.file.Path;

/**
 * One mistake in a document.
 *
 * @param file the document's file
 * @param line line of the mistake, from 1; 0 when the file as a whole is meant
 * @param column column of the mistake, from 1; 0 when the file as a whole is meant
 * @param path the field, such as {@code spec.members[1].address}; empty when none is meant
 * @param message what was expected, what was found and what to do
 */
public record DocumentProblem(Path file, int line, int column, String path, String message) {

    /** The form {@code file:line:column: path: message}, without the parts that are not there. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(file).append(':');
        if (line > 0) {
            text.append(line).append(':').append(column).append(':');
        }
        text.append(' ');
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        return text.append(message).toString();
    }
}
