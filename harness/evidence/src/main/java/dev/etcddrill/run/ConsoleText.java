package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Text for a console that may know ASCII only, as with cron, {@code su -} and many CI systems: there a sign that it
 * cannot show is replaced by one that it can, not by a question mark.
 */
public final class ConsoleText {
    private static final Map<String, String> PLAIN = Map.of("·", "-", "✓", "ok", "✗", "!!", "…", "...", "×", "x");

    private final Charset charset;

    public ConsoleText(Charset charset) {
        this.charset = requireNonNull(charset, "charset");
    }

    /** For the character set of the environment that this process was started in. */
    public static ConsoleText ofThisProcess() {
        String name = System.getProperty("native.encoding", StandardCharsets.UTF_8.name());
        return new ConsoleText(Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII);
    }

    /** The text with every sign of ours that the console cannot show replaced; other text is left as it is. */
    public String printable(String text) {
        if (charset.newEncoder().canEncode(text)) {
            return text;
        }
        String plain = text;
        for (Map.Entry<String, String> sign : PLAIN.entrySet()) {
            plain = plain.replace(sign.getKey(), sign.getValue());
        }
        return plain;
    }
}
