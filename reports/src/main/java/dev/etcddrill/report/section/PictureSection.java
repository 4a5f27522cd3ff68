package dev.etcddrill.report.section;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import java.util.List;

/** Part 4: the run as a picture, attempt by attempt, closed except for the first of each drill that did not pass. */
public final class PictureSection implements Section {
    /** A part without settings. */
    public PictureSection() {}

    @Override
    public void write(Html html, ReportContent content) {
        html.start("section").attribute("id", "pictures");
        html.element("h2", "The run as a picture").newLine();
        List<ReportContent.Drill> drills = content.drills().stream()
                .filter(drill -> !drill.attempts().isEmpty())
                .toList();
        if (drills.isEmpty()) {
            html.element("p", "No attempt was recorded.");
        } else {
            html.element("p", "One time axis an attempt; open an attempt to see it. Times count from its start.");
            Legend.write(html, "legend");
        }
        drills.forEach(drill -> drill(html, drill));
        html.end("section").newLine();
    }

    private static void drill(Html html, ReportContent.Drill drill) {
        html.start("article").attribute("id", "picture-" + drill.anchor());
        html.start("h3");
        drill.standing().badge(html);
        html.text(" " + drill.name()).end("h3").newLine();
        boolean open = false;
        for (AttemptDigest attempt : drill.attempts()) {
            Verdict verdict = attempt.verdict().verdict();
            boolean first = !open
                    && (verdict instanceof Verdict.Fail
                            || (verdict instanceof Verdict.Inconclusive && drill.standing() != Standing.FAIL));
            open |= first;
            attempt(html, attempt, first);
        }
        html.end("article").newLine();
    }

    private static void attempt(Html html, AttemptDigest attempt, boolean open) {
        html.start("details").attribute("id", attempt.anchor()).styled("attempt");
        if (open) {
            html.attribute("open", "open");
        }
        html.start("summary");
        Standing.of(attempt.verdict().verdict()).badge(html);
        html.text(" attempt " + attempt.verdict().plan().number() + ": "
                + attempt.verdict().plan().coverageClass() + " · "
                + Wording.count(attempt.counts().total(), "operation") + " · "
                + Wording.count(attempt.faults().size(), "fault") + " · " + Wording.took(attempt.length()));
        attempt.clock()
                .started()
                .ifPresent(started -> html.text(" · from ")
                        .start("span")
                        .styled("wall")
                        .text(Wording.timeOfDay(started) + " UTC")
                        .end("span"));
        html.end("summary").newLine();
        attempt.verdict().verdict().reasons().forEach(reason -> html.element("p", reason));
        if (!attempt.ending().isEmpty()) {
            html.start("p").styled("remark").text(attempt.ending()).end("p");
        }
        attempt.problems()
                .forEach(problem -> html.start("p")
                        .styled("remark")
                        .text("Damaged record: " + problem)
                        .end("p"));
        List<String> steps = attempt.verdict().plan().steps();
        if (!steps.isEmpty()) {
            html.start("details")
                    .element(
                            "summary",
                            "The plan of this attempt, seed "
                                    + attempt.verdict().plan().seed() + ", "
                                    + Wording.count(attempt.verdict().plan().clients(), "client"));
            html.start("ol");
            steps.forEach(step -> html.element("li", step));
            html.end("ol").end("details");
        }
        html.fragment(attempt.picture());
        html.end("details").newLine();
    }
}
