package dev.etcddrill.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of this package's resources with {@code {{name}}} where something is put in. Values are put in as they are: they
 * were checked when the recipe was read.
 */
final class Template {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z][a-z-]*)}}");
    private static final Pattern LINE_OF_PLACEHOLDER = Pattern.compile("(?m)^([ ]*)\\{\\{([a-z][a-z-]*)}}\\n");

    private final String resource;
    private final Map<String, String> values = new LinkedHashMap<>();

    private Template(String resource) {
        this.resource = resource;
    }

    static Template named(String resource) {
        return new Template(resource);
    }

    /** Sets what is put in; an empty value on a line of its own removes the line. */
    Template with(String name, Object value) {
        values.put(name, value.toString());
        return this;
    }

    /** The text with all placeholders filled; each value has to have its place and each place its value. */
    String render() {
        Set<String> used = new LinkedHashSet<>();
        String lines = LINE_OF_PLACEHOLDER.matcher(read()).replaceAll(match -> {
            used.add(match.group(2));
            String value = value(match.group(2));
            return Matcher.quoteReplacement(
                    value.isEmpty() ? "" : match.group(1) + value + (value.endsWith("\n") ? "" : "\n"));
        });
        String text = PLACEHOLDER.matcher(lines).replaceAll(match -> {
            used.add(match.group(1));
            return Matcher.quoteReplacement(value(match.group(1)));
        });
        if (!used.containsAll(values.keySet())) {
            throw new IllegalStateException(
                    "expected a place in " + resource + " for each of " + values.keySet() + ", found " + used);
        }
        return text;
    }

    private String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "expected a value for {{" + name + "}} of " + resource + ", found " + values.keySet());
        }
        return value;
    }

    private String read() {
        try (InputStream input = Template.class.getResourceAsStream(resource)) {
            if (input == null) {
                throw new IllegalStateException("expected the resource " + resource + " beside " + Template.class);
            }
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("expected to read the resource " + resource, broken);
        }
    }
}
