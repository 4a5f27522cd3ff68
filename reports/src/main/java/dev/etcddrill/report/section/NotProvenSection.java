package dev.etcddrill.report.section;

import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;

/** Part 5: what this run does not prove, one line each. */
public final class NotProvenSection implements Section {
    /** A part without settings. */
    public NotProvenSection() {}

    @Override
    public void write(Html html, ReportContent content) {
        html.start("section").attribute("id", "not-proven");
        html.element("h2", "Not proven by this run").newLine();
        html.start("ul");
        for (ReportContent.Drill drill : content.drills()) {
            if (drill.standing() == Standing.NOT_RUN) {
                html.start("li");
                drill.standing().badge(html);
                html.text(" " + drill.name() + ": "
                        + drill.verdict().plan().notRun().orElseThrow());
                html.end("li").newLine();
            } else if (drill.standing() == Standing.NOT_REACHED) {
                html.start("li");
                drill.standing().badge(html);
                html.text(" " + drill.name() + ": the run ended before this drill")
                        .end("li")
                        .newLine();
            }
        }
        for (ReportContent.Drill drill : content.drills()) {
            long unfinished = drill.attempts().stream()
                    .filter(attempt -> !attempt.ending().isEmpty())
                    .count();
            if (unfinished > 0) {
                html.element(
                                "li",
                                drill.name() + ": " + Wording.count(unfinished, "attempt")
                                        + " did not come to the end of the plan")
                        .newLine();
            }
        }
        for (String recipe : content.run().untriedRecipes()) {
            html.element("li", recipe + ": no drill of this run was tried on it")
                    .newLine();
        }
        for (String sentence : content.run().header().notProven()) {
            html.element("li", sentence).newLine();
        }
        html.element("li", "What happens for longer, under another load, or on other hardware than this run had.");
        html.end("ul").end("section").newLine();
    }
}
