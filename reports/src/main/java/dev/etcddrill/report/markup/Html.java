package dev.etcddrill.report.markup;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/**
 * Writes HTML element by element. What comes out is also well-formed XML, whatever it is given: text and attributes are
 * escaped, characters that XML does not allow or that would reorder a line are written visibly ({@code \u0000}), and
 * elements close in the order in which they were opened.
 *
 * <p>Not safe for use by several threads.
 */
public final class Html {
    /** HTML elements without content (HTML Living Standard, section 13.1.2, "void elements"), as far as used here. */
    private static final Set<String> VOID = Set.of("meta", "br", "wbr", "col", "hr");

    /** SVG elements that may be closed at once: foreign content keeps XML's empty tag. */
    private static final Set<String> SHAPES = Set.of("path", "line", "rect", "circle", "use");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();
    private boolean inStartTag;

    /** Opens an element. */
    public Html start(String name) {
        closeStartTag();
        out.append('<').append(name);
        open.push(name);
        inStartTag = true;
        return this;
    }

    /**
     * Adds an attribute to the element just opened.
     *
     * @throws IllegalStateException if something was written into the element already
     */
    public Html attribute(String name, String value) {
        if (!inStartTag) {
            throw new IllegalStateException("attribute " + name + " must follow the start of its element at once");
        }
        out.append(' ').append(name).append("=\"");
        escape(value);
        out.append('"');
        return this;
    }

    /** The attribute {@code class}: names for the style sheet. */
    public Html styled(String names) {
        return attribute("class", names);
    }

    /** Adds text. */
    public Html text(String text) {
        closeStartTag();
        escape(text);
        return this;
    }

    /**
     * Closes the innermost element.
     *
     * @param name of the element, so that a mistake shows where it is made
     * @throws IllegalStateException if another element is innermost
     */
    public Html end(String name) {
        if (!name.equals(open.peek())) {
            throw new IllegalStateException("expected to close <" + open.peek() + ">, but was told to close <" + name
                    + ">; open, innermost first: " + open);
        }
        open.pop();
        if (inStartTag && (VOID.contains(name) || SHAPES.contains(name))) {
            out.append("/>");
            inStartTag = false;
            return this;
        }
        closeStartTag();
        out.append("</").append(name).append('>');
        return this;
    }

    /** An element with nothing but text in it. */
    public Html element(String name, String text) {
        return start(name).text(text).end(name);
    }

    /** A break between lines of the source, for whoever compares two reports. */
    public Html newLine() {
        closeStartTag();
        out.append('\n');
        return this;
    }

    /** Adds what another writer wrote completely. */
    public Html fragment(Html other) {
        requireNonNull(other, "other");
        closeStartTag();
        out.append(other.complete());
        return this;
    }

    /**
     * Adds a style sheet or script of our own as it is: HTML does not unescape those, XML does, so they must not need it.
     *
     * @throws IllegalArgumentException if the text holds a character that HTML and XML read differently there
     */
    public Html verbatim(String text) {
        if (text.indexOf('<') >= 0 || text.indexOf('&') >= 0) {
            throw new IllegalArgumentException("expected style or script without < and &, which HTML and XML read"
                    + " differently there: put it another way");
        }
        closeStartTag();
        out.append(text);
        return this;
    }

    /**
     * All that was written.
     *
     * @throws IllegalStateException if an element is still open
     */
    public String complete() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("expected every element to be closed, but open are " + open);
        }
        return out.toString();
    }

    private void closeStartTag() {
        if (inStartTag) {
            out.append('>');
            inStartTag = false;
        }
    }

    private void escape(String text) {
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            switch (character) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append(character);
                // Any other character, checked for whether a page may hold it.
                default -> {
                    if (Character.isHighSurrogate(character)
                            && index + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(index + 1))) {
                        out.append(character).append(text.charAt(++index));
                    } else if (shownAsCode(character)) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
                    } else {
                        out.append(character);
                    }
                }
            }
        }
    }

    /** XML 1.0 section 2.2 does not allow controls, lone surrogates, FFFE and FFFF; bidirectional controls mislead. */
    private static boolean shownAsCode(char character) {
        return Character.isISOControl(character)
                || Character.isSurrogate(character)
                || character >= '\uFFFE'
                || (character >= '\u202A' && character <= '\u202E')
                || (character >= '\u2066' && character <= '\u2069');
    }
}
