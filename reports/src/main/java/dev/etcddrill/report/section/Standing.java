package dev.etcddrill.report.section;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.run.DrillVerdict;

/** How a drill, attempt or run stands, as a word with a sign and a look of its own: never by colour alone. */
enum Standing {
    FAIL("✗", "fail"),
    INCONCLUSIVE("?", "inconclusive"),
    PASS("✓", "pass"),
    NOT_RUN("–", "not-run"),
    NOT_REACHED("–", "not-run");

    private final String sign;
    private final String style;

    Standing(String sign, String style) {
        this.sign = sign;
        this.style = style;
    }

    static Standing of(Verdict verdict) {
        if (verdict instanceof Verdict.Fail) {
            return FAIL;
        } else if (verdict instanceof Verdict.Inconclusive) {
            return INCONCLUSIVE;
        }
        return PASS;
    }

    static Standing of(DrillVerdict drill) {
        if (drill.plan().notRun().isPresent()) {
            return NOT_RUN;
        } else if (drill.attempts().isEmpty() && !(drill.verdict() instanceof Verdict.Fail)) {
            return NOT_REACHED;
        }
        return of(drill.verdict());
    }

    String word() {
        return name().replace('_', ' ');
    }

    /** Style class of what has this standing. */
    String style() {
        return style;
    }

    /** Writes sign and word. */
    void badge(Html html) {
        html.start("span").styled("badge " + style);
        html.start("span").attribute("aria-hidden", "true").text(sign + " ").end("span");
        html.text(word()).end("span");
    }
}
