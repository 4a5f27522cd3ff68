package dev.etcddrill.report.section;

import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.run.RunHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Part 1: the verdict in one line, what did not pass in a sentence each, and how to run it again. */
public final class VerdictSection implements Section {
    /** A part without settings. */
    public VerdictSection() {}

    @Override
    public void write(Html html, ReportContent content) {
        RunHeader header = content.run().header();
        Standing standing = Standing.of(content.run().verdict());
        html.start("header").styled("verdict " + standing.style());
        html.start("h1");
        standing.badge(html);
        html.text(" ")
                .start("span")
                .styled("headline")
                .text(Headline.of(content.run()))
                .end("span")
                .end("h1")
                .newLine();
        html.start("p").styled("facts");
        if (standing != Standing.PASS) {
            html.text(Headline.facts(content) + " · ");
        }
        html.text("started " + Wording.wallClock(header.started())).end("p").newLine();
        html.start("p").styled("tally").text(tally(content)).end("p").newLine();
        problems(html, content);
        html.start("div").styled("again");
        html.start("p")
                .text("Seed ")
                .start("code")
                .text(String.valueOf(header.seed()))
                .end("code");
        html.text(". Run it again with:").end("p");
        html.start("pre").start("code").text(header.command()).end("code").end("pre");
        html.end("div");
        html.end("header").newLine();
    }

    private static String tally(ReportContent content) {
        List<String> parts = new ArrayList<>();
        for (Standing standing : Standing.values()) {
            long number = content.drills().stream()
                    .filter(drill -> drill.standing() == standing)
                    .count();
            if (number > 0) {
                parts.add(Wording.count(number) + " " + standing.word());
            }
        }
        return parts.isEmpty() ? "No drill was recorded in this run." : "Drills: " + String.join(" · ", parts);
    }

    private static void problems(Html html, ReportContent content) {
        List<ReportContent.Drill> broken = Arrays.stream(new Standing[] {Standing.FAIL, Standing.INCONCLUSIVE})
                .flatMap(standing -> content.drills().stream().filter(drill -> drill.standing() == standing))
                .toList();
        List<String> reasons = content.run().verdict().reasons();
        if (broken.isEmpty() && reasons.size() < 2 && content.problems().isEmpty()) {
            return;
        }
        String headline = Headline.of(content.run());
        html.start("ul").styled("problems");
        for (ReportContent.Drill drill : broken) {
            html.start("li");
            drill.standing().badge(html);
            html.text(" ")
                    .start("a")
                    .attribute("href", "#broken-" + drill.anchor())
                    .text(drill.name())
                    .end("a");
            String sentence = drill.verdict().verdict().reasons().stream()
                    .findFirst()
                    .map(Headline::firstSentence)
                    .orElse("no reason was given");
            html.text(headline.contains(sentence) ? ": what shows it, and what to do" : ": " + sentence);
            html.end("li").newLine();
        }
        if (broken.isEmpty()) {
            reasons.stream().skip(1).forEach(reason -> html.element("li", reason));
        }
        if (!content.problems().isEmpty()) {
            html.start("li")
                    .text("Not all files of this run could be read as a whole, "
                            + Wording.count(content.problems().size(), "problem") + ": ");
            html.start("a")
                    .attribute("href", "#damage")
                    .text("which, and what is missing")
                    .end("a");
            html.end("li");
        }
        html.end("ul").newLine();
    }
}
