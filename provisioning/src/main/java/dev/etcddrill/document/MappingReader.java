package dev.etcddrill.document;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the file with a fixed set of keys. Unknown, repeated and ill-formed keys are reported when it is opened;
 * values are reported as they are asked for.
 */
public final class MappingReader {

    private static final int LONGEST_QUOTE = 60;

    private final String path;
    private final ProblemCollector problems;
    private final Map<String, Node> values = new HashMap<>();

    /** What a scalar is read into. */
    public interface ScalarType<T> {
        /** Throws IllegalArgumentException when the scalar is no such value; the message says what was expected. */
        T read(ScalarNode node);
    }

    private MappingReader(String path, ProblemCollector problems) {
        this.path = path;
        this.problems = problems;
    }

    /** Opens a mapping; one that is absent or no mapping reads as empty, after a problem in the second case. */
    public static MappingReader open(
            Optional<Node> node, String path, List<String> knownKeys, ProblemCollector problems) {
        MappingReader reader = new MappingReader(path, problems);
        if (node.isPresent()) {
            if (node.get() instanceof MappingNode mapping) {
                problems.place(path, mapping);
                reader.readKeys(mapping, knownKeys);
            } else {
                problems.add(
                        node.get(),
                        path,
                        "expected a mapping with the keys " + String.join(", ", knownKeys) + ", found "
                                + describe(node.get()) + "; write one key: value pair a line");
            }
        }
        return reader;
    }

    /** The mapping under a key; absent or null is an empty one. */
    public MappingReader mapping(String key, List<String> knownKeys) {
        return open(present(key), pathOf(key), knownKeys, problems);
    }

    /** The mapping under a key, which has to be there. */
    public MappingReader requiredMapping(String key, List<String> knownKeys) {
        Optional<Node> node = present(key);
        if (node.isEmpty()) {
            missing(key, "a mapping with the keys " + String.join(", ", knownKeys));
        }
        return open(node, pathOf(key), knownKeys, problems);
    }

    /** The value under a key, unless it is absent or null. */
    public Optional<Node> present(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(node -> !node.getTag().equals(Tag.NULL));
    }

    /** The list under a key, which has to be there. */
    public Optional<List<Node>> requiredList(String key, String expected) {
        Optional<Node> node = present(key);
        if (node.isEmpty()) {
            missing(key, expected);
            return Optional.empty();
        }
        problems.place(pathOf(key), node.get());
        if (node.get() instanceof SequenceNode sequence) {
            return Optional.of(sequence.getValue());
        }
        problems.add(
                node.get(),
                pathOf(key),
                "expected " + expected + ", found " + describe(node.get()) + "; start each item with a hyphen");
        return Optional.empty();
    }

    /** The value under a key, which has to be there; empty after a problem. */
    public <T> Optional<T> required(String key, String expected, ScalarType<T> type) {
        if (present(key).isEmpty()) {
            missing(key, expected);
            return Optional.empty();
        }
        return optional(key, type, null);
    }

    /** The value under a key or, when it is absent or null, the fallback; empty after a problem. */
    public <T> Optional<T> optional(String key, ScalarType<T> type, T fallback) {
        Optional<Node> node = present(key);
        if (node.isEmpty()) {
            return Optional.ofNullable(fallback);
        }
        problems.place(pathOf(key), node.get());
        if (node.get() instanceof ScalarNode scalar) {
            try {
                return Optional.of(type.read(scalar));
            } catch (IllegalArgumentException refused) {
                problems.add(scalar, pathOf(key), refused.getMessage());
                return Optional.empty();
            }
        }
        problems.add(
                node.get(),
                pathOf(key),
                "expected a single value, found " + describe(node.get()) + "; write it behind the key");
        return Optional.empty();
    }

    /** The full path of a key. */
    public String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Plain or quoted text. */
    public static <T> ScalarType<T> text(Function<String, T> parse) {
        return node -> {
            if (!node.getTag().equals(Tag.STR)) {
                throw new IllegalArgumentException(
                        "expected text, found " + describe(node) + "; write the full value, in quotes if need be");
            }
            return parse.apply(node.getValue());
        };
    }

    /** Text or a whole number, for values that may have a unit. */
    public static <T> ScalarType<T> quantity(Function<String, T> parse) {
        return node -> {
            if (!node.getTag().equals(Tag.STR) && !node.getTag().equals(Tag.INT)) {
                throw new IllegalArgumentException(
                        "expected a number with its unit, found " + describe(node) + "; write for example 8GiB or 3s");
            }
            return parse.apply(node.getValue());
        };
    }

    /** A whole number. */
    public static ScalarType<Long> wholeNumber() {
        return node -> {
            if (node.getTag().equals(Tag.INT) && node.getValue().matches("-?\\d{1,18}")) {
                return Long.valueOf(node.getValue());
            }
            throw new IllegalArgumentException(
                    "expected a whole number, found " + describe(node) + "; write digits only, without quotes");
        };
    }

    /** What a node is, for the words "found ..." of a problem. */
    public static String describe(Node node) {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        String value = ((ScalarNode) node).getValue();
        String quoted = "\""
                + (value.length() <= LONGEST_QUOTE ? value : value.substring(0, LONGEST_QUOTE) + "...")
                        .replace("\n", "\\n")
                + "\"";
        if (node.getTag().equals(Tag.NULL)) {
            return "nothing";
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return "the boolean " + quoted;
        }
        if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT)) {
            return "the number " + quoted;
        }
        return "the text " + quoted;
    }

    private void missing(String key, String expected) {
        boolean empty = values.containsKey(key);
        String message = "expected " + expected + ", found nothing; " + (empty ? "give it a value" : "add the field");
        if (empty) {
            problems.add(values.get(key), pathOf(key), message);
        } else {
            problems.add(pathOf(key), message);
        }
    }

    private void readKeys(MappingNode mapping, List<String> knownKeys) {
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (keyNode.getNodeType() != NodeType.SCALAR) {
                problems.add(keyNode, path, "expected a plain key, found " + describe(keyNode) + "; write key: value");
                continue;
            }
            String key = ((ScalarNode) keyNode).getValue();
            if (!knownKeys.contains(key)) {
                problems.add(keyNode, pathOf(key), unknown(key, knownKeys));
            } else if (values.putIfAbsent(key, tuple.getValueNode()) != null) {
                problems.add(keyNode, pathOf(key), "expected the key once, found it again; remove one of them");
            }
        }
    }

    private static String unknown(String key, List<String> knownKeys) {
        return NameSuggestion.nearest(key, knownKeys)
                .map(nearest -> "unknown key; did you mean " + nearest + "?")
                .orElseGet(() -> knownKeys.isEmpty()
                        ? "unknown key; nothing is set here, remove it"
                        : "unknown key; expected one of " + String.join(", ", knownKeys));
    }
}
