package dev.etcddrill.document;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** From a file to one YAML node, whatever the file holds: every limit that keeps a hostile file harmless is here. */
public final class DocumentReader {

    /** Largest file that is read, in bytes; the examples have about two thousand. */
    public static final int LARGEST_FILE = 1 << 20;

    /** Deepest nesting; a recipe needs five levels, the rest is room for its {@code extra}. */
    public static final int DEEPEST_NESTING = 32;

    private final String noun;
    private final ProblemCollector problems;

    /**
     * @param noun what the file should hold, for messages, such as {@code recipe}
     * @param problems that mistakes are added to
     */
    public DocumentReader(String noun, ProblemCollector problems) {
        this.noun = requireNonNull(noun, "noun");
        this.problems = requireNonNull(problems, "problems");
    }

    /**
     * Reads a file.
     *
     * @throws InvalidDocumentException where it does not hold one YAML document within the limits
     */
    public Node read(Path file) {
        return parse(file, readBytes(file));
    }

    /** As {@link #read}, with content that was read already. */
    public Node parse(Path file, byte[] content) {
        return compose(file, decode(content));
    }

    private byte[] readBytes(Path file) {
        if (Files.isDirectory(file)) {
            throw refused(-1, -1, "expected a " + noun + ", found a directory; name the YAML file in it");
        }
        try (InputStream input = Files.newInputStream(file)) {
            byte[] content = input.readNBytes(LARGEST_FILE + 1);
            if (content.length > LARGEST_FILE) {
                throw refused(
                        -1,
                        -1,
                        "expected a " + noun + " of at most " + LARGEST_FILE + " bytes, found a larger file; name a "
                                + noun);
            }
            return content;
        } catch (NoSuchFileException missing) {
            throw refused(-1, -1, "expected a " + noun + ", found no such file; check the path");
        } catch (IOException unreadable) {
            throw refused(
                    -1,
                    -1,
                    "expected a readable " + noun + ", found an error ("
                            + unreadable.getClass().getSimpleName() + "); check the file and its permissions");
        }
    }

    private String decode(byte[] content) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(content);
        CharBuffer characters = CharBuffer.allocate(content.length + 1);
        CoderResult result = decoder.decode(bytes, characters, true);
        characters.flip();
        String text = characters.toString();
        if (result.isError()) {
            throw refusedAfter(
                    text, "expected text in UTF-8, found other bytes; save the " + noun + " as plain UTF-8 text");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private Node compose(Path file, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setCodePointLimit(LARGEST_FILE)
                // Repeated keys are reported with their own place, not by the parser.
                .setAllowDuplicateKeys(true)
                // No list or mapping is used twice: a few lines of aliases can stand for millions of values.
                .setMaxAliasesForCollections(0)
                .build();
        try {
            refuseDeepNesting(new Parse(settings).parseString(text));
            List<Node> documents = new ArrayList<>();
            new Compose(settings).composeAllFromString(text).forEach(documents::add);
            if (documents.isEmpty()) {
                throw refused(
                        -1, -1, "expected a " + noun + ", found an empty file; see the examples in " + noun + "s/");
            }
            if (documents.size() > 1) {
                problems.add(
                        documents.get(1),
                        "",
                        "expected one YAML document, found " + documents.size() + "; keep one " + noun
                                + " in the file and remove the rest from the \"---\" line on");
                throw problems.exception();
            }
            return documents.get(0);
        } catch (ReaderException unprintable) {
            throw refusedAfter(
                    text.substring(0, Math.min(Math.max(0, unprintable.getPosition()), text.length())),
                    "expected printable text, found the control character U+"
                            + String.format("%04X", unprintable.getCodePoint()) + "; remove it");
        } catch (MarkedYamlEngineException malformed) {
            Mark mark = malformed.getProblemMark().or(malformed::getContextMark).orElse(null);
            throw refused(
                    mark == null ? -1 : mark.getLine(),
                    mark == null ? -1 : mark.getColumn(),
                    "expected YAML, but " + firstLine(malformed.getProblem()) + "; mend the line or quote the value");
        } catch (YamlEngineException malformed) {
            throw refused(
                    -1,
                    -1,
                    "expected YAML without aliases of lists or mappings, but " + firstLine(malformed.getMessage())
                            + "; write the values out");
        }
    }

    /** Counts levels over the flat stream of events, because the composer would need as deep a stack. */
    private void refuseDeepNesting(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                case Alias, Comment, DocumentEnd, DocumentStart, Scalar, StreamEnd, StreamStart -> {
                    // Nothing nests in these.
                }
            }
            if (depth > DEEPEST_NESTING) {
                throw refused(
                        event.getStartMark().map(Mark::getLine).orElse(-1),
                        event.getStartMark().map(Mark::getColumn).orElse(-1),
                        "expected at most " + DEEPEST_NESTING + " levels of nesting, found more; flatten the value");
            }
        }
    }

    private InvalidDocumentException refused(int line, int column, String message) {
        problems.add(line, column, "", message);
        return problems.exception();
    }

    /** A problem right behind the text that could still be read. */
    private InvalidDocumentException refusedAfter(String before, String message) {
        int line = (int) before.chars().filter(character -> character == '\n').count();
        int column = before.length() - 1 - before.lastIndexOf('\n');
        return refused(line, column, message);
    }

    private static String firstLine(String message) {
        return message == null
                ? "it could not be parsed"
                : message.lines().findFirst().orElse("").strip();
    }
}
