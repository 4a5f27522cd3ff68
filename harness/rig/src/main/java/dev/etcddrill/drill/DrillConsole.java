package dev.etcddrill.drill;

import dev.etcddrill.run.ConsoleText;
import java.io.PrintStream;
import java.util.Locale;

/**
 * What is printed while drills run: a line a step, or on a terminal one line that is updated in place. Details are the
 * report's business.
 */
public final class DrillConsole {
    private static final int TITLE_WIDTH = 22;
    private static final String TO_LINE_START_AND_CLEAR = "\r\u001b[2K";

    /** A line that is longer than the terminal is wide must not wrap, or clearing it would leave its first part. */
    private static final String CUT_AT_MARGIN = "\u001b[?7l";

    private static final String WRAP_AT_MARGIN = "\u001b[?7h";

    private final PrintStream out;
    private final boolean terminal;
    private final ConsoleText text;
    private boolean pending;

    /**
     * A console.
     *
     * @param terminal whether lines can be updated in place
     */
    public DrillConsole(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        this.text = ConsoleText.ofThisProcess();
    }

    /** Prints a line that stays. */
    public synchronized void line(String line) {
        if (pending) {
            out.print(TO_LINE_START_AND_CLEAR);
            pending = false;
        }
        out.println(text.printable(line));
        out.flush();
    }

    /** Tells how far a drill is. */
    synchronized void progress(String title, String state, long operations) {
        String line = String.format(Locale.ROOT, "%-" + TITLE_WIDTH + "s %s   %,d ops", title, state, operations);
        if (terminal) {
            out.print(TO_LINE_START_AND_CLEAR + CUT_AT_MARGIN + text.printable(line) + WRAP_AT_MARGIN);
            out.flush();
            pending = true;
        } else {
            line(line);
        }
    }

    /** Tells the verdict on a drill. */
    void verdict(String title, String mark, String verdict) {
        line(String.format(Locale.ROOT, "%-" + TITLE_WIDTH + "s %s %s", title, mark, verdict));
    }
}
