package dev.etcddrill.drill;

import java.io.PrintStream;
import java.util.Locale;

/**
 * What is printed while drills run: a line a step, or on a terminal one line that is updated in place. Details are the
 * report's business.
 */
public final class DrillConsole {
    private static final int TITLE_WIDTH = 22;
    private static final String TO_LINE_START_AND_CLEAR = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean terminal;
    private boolean pending;

    /** @param terminal whether lines can be updated in place */
    public DrillConsole(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Prints a line that stays. */
    public synchronized void line(String text) {
        if (pending) {
            out.print(TO_LINE_START_AND_CLEAR);
            pending = false;
        }
        out.println(text);
        out.flush();
    }

    /** Tells how far a drill is. */
    synchronized void progress(String title, String state, long operations) {
        String text = String.format(Locale.ROOT, "%-" + TITLE_WIDTH + "s %s   %,d ops", title, state, operations);
        if (terminal) {
            out.print(TO_LINE_START_AND_CLEAR + text);
            out.flush();
            pending = true;
        } else {
            line(text);
        }
    }

    /** Tells the verdict on a drill. */
    void verdict(String title, String mark, String text) {
        line(String.format(Locale.ROOT, "%-" + TITLE_WIDTH + "s %s %s", title, mark, text));
    }
}
