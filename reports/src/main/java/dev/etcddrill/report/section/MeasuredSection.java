package dev.etcddrill.report.section;

import dev.etcddrill.check.Figure;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.report.picture.Distribution;
import dev.etcddrill.report.picture.DistributionPicture;
import dev.etcddrill.run.DrillVerdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Part 2: one row a drill: what was promised, what was measured, on how much evidence, with which verdict. */
public final class MeasuredSection implements Section {
    private static final List<String> COLUMNS = List.of("drill and promise", "measured", "evidence", "verdict");

    /** More would make the row of a drill longer than the screen; the rest is in part 6. */
    private static final int MOST_FIGURES = 2;

    /** A part without settings. */
    public MeasuredSection() {}

    @Override
    public void write(Html html, ReportContent content) {
        html.start("section").attribute("id", "measured");
        html.element("h2", "Promised and measured").newLine();
        if (content.drills().isEmpty()) {
            html.element("p", "The run ended before it planned a drill.");
        } else {
            // Roles are written out because the narrow layout takes the table's display away, and its meaning with it.
            html.start("table").styled("measured").attribute("role", "table");
            html.element("caption", "One row a drill: what was promised, and what was measured against it");
            html.start("thead").attribute("role", "rowgroup").start("tr").attribute("role", "row");
            for (String column : COLUMNS) {
                html.start("th").attribute("scope", "col").attribute("role", "columnheader");
                html.text(column).end("th");
            }
            html.end("tr")
                    .end("thead")
                    .start("tbody")
                    .attribute("role", "rowgroup")
                    .newLine();
            content.drills().forEach(drill -> row(html, drill));
            html.end("tbody").end("table");
        }
        html.end("section").newLine();
    }

    private static void row(Html html, ReportContent.Drill drill) {
        DrillPlan plan = drill.verdict().plan();
        html.start("tr").attribute("role", "row").styled(drill.standing().style());
        html.start("th").attribute("scope", "row").attribute("role", "rowheader");
        html.start("span").styled("title").text(plan.title()).end("span").text(" ");
        html.start("span").styled("on").text(plan.recipe()).end("span");
        html.start("span").styled("promise").text(plan.promise()).end("span");
        html.start("span").styled("source").text("Source: " + plan.source()).end("span");
        html.end("th");

        html.start("td").attribute("role", "cell");
        List<Figure> figures = DrillFigures.tightest(drill.verdict());
        int number = 0;
        for (Figure figure : figures) {
            number++;
            if (number <= MOST_FIGURES || DrillFigures.share(figure) > 1) {
                figure(html, figure, drill.anchor() + "-figure-" + number);
            }
        }
        long inside = figures.stream()
                .skip(MOST_FIGURES)
                .filter(figure -> DrillFigures.share(figure) <= 1)
                .count();
        if (inside > 0) {
            html.start("p").text(Wording.count(inside, "more figure") + ", none beyond a bound: ");
            html.start("a")
                    .attribute("href", "#bounds")
                    .text("all figures")
                    .end("a")
                    .end("p");
        }
        if (drill.verdict().attempts().isEmpty()) {
            html.text("–");
        } else {
            html.start("p").text(checks(drill.verdict())).end("p");
        }
        html.end("td");

        html.start("td").attribute("role", "cell");
        evidence(html, drill);
        html.end("td");

        html.start("td").attribute("role", "cell");
        drill.standing().badge(html);
        if (drill.standing() == Standing.FAIL || drill.standing() == Standing.INCONCLUSIVE) {
            html.start("br").end("br");
            html.start("a")
                    .attribute("href", "#broken-" + drill.anchor())
                    .text("why")
                    .end("a");
        } else if (drill.standing() == Standing.PASS) {
            html.start("br").end("br");
            html.start("a")
                    .attribute("href", "#picture-" + drill.anchor())
                    .text("picture")
                    .end("a");
        }
        html.end("td").end("tr").newLine();
    }

    private static void figure(Html html, Figure figure, String id) {
        html.start("div").styled("figure");
        html.start("span").styled("figure-name").text(figure.name()).end("span");
        if (figure.values().isEmpty()) {
            html.text(" not measured"
                    + figure.bound()
                            .map(bound -> "; allowed " + Wording.inSeconds(bound))
                            .orElse(""));
        } else {
            html.fragment(DistributionPicture.draw(figure, id));
            html.start("span")
                    .styled("figure-words")
                    .text(Distribution.of(figure).words())
                    .end("span");
        }
        html.end("div");
    }

    /** Such as {@code 6 of 7 checks hold in 20 attempts; not: recovery}. */
    private static String checks(DrillVerdict drill) {
        Map<String, CheckTally> tallies = CheckTally.of(drill);
        List<String> broken = tallies.entrySet().stream()
                .filter(entry -> !(entry.getValue().worst() instanceof Verdict.Pass))
                .map(Map.Entry::getKey)
                .toList();
        String attempts = Wording.count(drill.attempts().size(), "attempt");
        return Wording.count(tallies.size() - broken.size()) + " of " + Wording.count(tallies.size())
                + (tallies.size() == 1 ? " check holds in " : " checks hold in ") + attempts
                + (broken.isEmpty() ? "" : "; not: " + String.join(", ", broken));
    }

    private static void evidence(Html html, ReportContent.Drill drill) {
        DrillVerdict verdict = drill.verdict();
        Optional<String> notRun = verdict.plan().notRun();
        if (notRun.isPresent()) {
            html.text("Not run: " + notRun.get());
            return;
        } else if (verdict.attempts().isEmpty()) {
            html.text("The run ended before this drill.");
            return;
        }
        OperationCounts counts = new OperationCounts();
        drill.attempts().forEach(attempt -> counts.add(attempt.counts()));
        long faults = drill.attempts().stream()
                .mapToLong(attempt -> attempt.faults().size())
                .sum();
        long seen = drill.attempts().stream()
                .flatMap(attempt -> attempt.faults().stream())
                .filter(fault -> fault.seen())
                .count();
        html.start("ul").styled("plain");
        html.element("li", Wording.count(counts.total(), "operation"));
        html.element("li", Wording.count(counts.acknowledgedWrites(), "acknowledged write"));
        html.element(
                "li",
                faults == seen
                        ? Wording.count(seen, "fault") + " seen to take effect"
                        : Wording.count(seen) + " of " + Wording.count(faults, "fault") + " seen to take effect");
        int required = verdict.plan().requiredClasses().size();
        if (required > 0) {
            long covered = verdict.plan().requiredClasses().stream()
                    .filter(name -> verdict.coverage().getOrDefault(name, 0) > 0)
                    .count();
            html.element(
                    "li",
                    Wording.count(covered) + " of " + required + (required == 1 ? " class" : " classes") + " covered");
        }
        html.end("ul");
    }
}
