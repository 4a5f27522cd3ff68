package dev.etcddrill.report.section;

import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Figure;
import dev.etcddrill.history.Observation;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Table;
import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.run.Environment;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Part 6: what the verdicts rest on. */
public final class EvidenceSection implements Section {
    /** A run directory with more files than this is listed in part: each line costs about 150 bytes of the page. */
    private static final int MOST_FILES = 3000;

    /** A part without settings. */
    public EvidenceSection() {}

    @Override
    public void write(Html html, ReportContent content) {
        html.start("section").attribute("id", "evidence");
        html.element("h2", "Evidence").newLine();
        operations(html, content);
        checks(html, content);
        classes(html, content);
        faults(html, content);
        bounds(html, content);
        host(html, content);
        binaries(html, content);
        damage(html, content);
        files(html, content);
        html.end("section").newLine();
    }

    private static void operations(Html html, ReportContent content) {
        html.element("h3", "Operations").newLine();
        OperationCounts all = new OperationCounts();
        content.drills().forEach(drill -> drill.attempts().forEach(attempt -> all.add(attempt.counts())));
        AttemptPicture.operations(html, all);
        if (all.total() > 0) {
            html.element(
                    "p",
                    Wording.count(all.acknowledgedWrites(), "write")
                            + " acknowledged. Unknown means that the client was"
                            + " not told: the operation may have taken effect.");
        }
    }

    private static void checks(Html html, ReportContent content) {
        html.element("h3", "Checks").newLine();
        Guarantees guarantees = Guarantees.installed();
        Table table = Table.start(
                html,
                "What each check found, by number of attempts",
                List.of("drill", "check", "pass", "inconclusive", "fail", "rests on, in the last attempt"));
        for (ReportContent.Drill drill : content.drills()) {
            CheckTally.of(drill.verdict())
                    .forEach((check, tally) -> table.row(
                            Table.Cell.text(drill.name()),
                            List.of(
                                    cell -> {
                                        cell.element("code", check);
                                        guarantees
                                                .of(check)
                                                .ifPresent(guarantee -> cell.start("br")
                                                        .end("br")
                                                        .text(guarantee.sentence()));
                                    },
                                    Table.Cell.text(Wording.count(tally.passed().size())),
                                    Table.Cell.text(
                                            Wording.count(tally.inconclusive().size())),
                                    Table.Cell.text(Wording.count(tally.failed().size())),
                                    Table.Cell.text(restsOn(drill, check)))));
        }
        table.end();
    }

    private static String restsOn(ReportContent.Drill drill, String check) {
        return drill.verdict().attempts().stream()
                .flatMap(attempt -> attempt.results().stream())
                .filter(result -> result.check().equals(check))
                .reduce((earlier, later) -> later)
                .map(CheckResult::evidence)
                .map(lines -> String.join("; ", lines))
                .orElse("");
    }

    private static void classes(Html html, ReportContent content) {
        List<ReportContent.Drill> drills = content.drills().stream()
                .filter(drill -> !drill.verdict().plan().requiredClasses().isEmpty())
                .toList();
        if (drills.isEmpty()) {
            return;
        }
        html.element("h3", "Classes covered").newLine();
        Table table = Table.start(
                html, "How many completed attempts covered each class", List.of("drill", "class", "attempts"));
        for (ReportContent.Drill drill : drills) {
            for (String name : drill.verdict().plan().requiredClasses()) {
                int attempts = drill.verdict().coverage().getOrDefault(name, 0);
                table.row(drill.name(), name, attempts == 0 ? "0, not covered" : Wording.count(attempts));
            }
        }
        table.end();
    }

    private static void faults(Html html, ReportContent content) {
        html.element("h3", "Faults").newLine();
        boolean any = false;
        for (ReportContent.Drill drill : content.drills()) {
            long number = drill.attempts().stream()
                    .mapToLong(attempt -> attempt.faults().size())
                    .sum();
            if (number == 0) {
                continue;
            }
            any = true;
            html.start("details").element("summary", drill.name() + ": " + Wording.count(number, "fault"));
            for (AttemptDigest attempt : drill.attempts()) {
                if (!attempt.faults().isEmpty()) {
                    FaultTable.write(
                            html,
                            "Attempt " + attempt.verdict().plan().number() + ": "
                                    + attempt.verdict().plan().coverageClass(),
                            attempt.faults(),
                            attempt.clock());
                }
            }
            html.end("details").newLine();
        }
        if (!any) {
            html.element("p", "No fault was recorded.");
        }
    }

    private static void bounds(Html html, ReportContent content) {
        html.start("h3")
                .attribute("id", "bounds")
                .text("Bounds and figures")
                .end("h3")
                .newLine();
        Table table = Table.start(
                html, "Bounds and where they come from", List.of("recipe", "what is bounded", "bound", "derivation"));
        Map<String, DrillPlan.Objectives> objectives = new LinkedHashMap<>();
        for (ReportContent.Drill drill : content.drills()) {
            DrillPlan plan = drill.verdict().plan();
            if (plan.objectives().equals(objectives.putIfAbsent(plan.recipe(), plan.objectives()))) {
                continue;
            }
            bound(
                    table,
                    plan.recipe(),
                    "write gap after losing the leader",
                    plan.objectives().writeGapAfterLeaderLoss());
            bound(
                    table,
                    plan.recipe(),
                    "full health after a fault",
                    plan.objectives().fullHealthAfterFault());
        }
        table.end();
        Table figures = Table.start(
                html,
                "Figures against their bounds, over all attempts",
                List.of("drill", "figure", "measured", "values", "bound from"));
        for (ReportContent.Drill drill : content.drills()) {
            for (Figure figure : DrillFigures.of(drill.verdict())) {
                figures.row(
                        drill.name(),
                        figure.name(),
                        Wording.count(figure.values().size()),
                        figure.values().stream()
                                .sorted(Comparator.naturalOrder())
                                .limit(200)
                                .map(Wording::inSeconds)
                                .collect(Collectors.joining(", ")),
                        figure.bound()
                                .map(bound -> Wording.inSeconds(bound) + ": " + figure.boundSource())
                                .orElse("no bound"));
            }
        }
        figures.end();
    }

    private static void bound(Table table, String recipe, String what, DrillPlan.Bound bound) {
        table.row(recipe, what, Wording.inSeconds(bound.value()), bound.source());
    }

    private static void host(Html html, ReportContent content) {
        html.element("h3", "Host").newLine();
        Table table = Table.start(html, "The machine, and whether it kept up", List.of("fact", "value"));
        table.row(
                "runtime",
                content.run().header().runtime() + ": " + content.run().header().runtimeReason());
        content.environment().ifPresent(environment -> environment.facts().forEach(table::row));
        table.row(
                "idle fdatasync, 99 of 100 within",
                content.environment()
                        .flatMap(Environment::idleFsync)
                        .map(Wording::took)
                        .orElse("not measured"));
        List<Observation.HostStall> stalls = content.drills().stream()
                .flatMap(drill -> drill.attempts().stream())
                .flatMap(attempt -> attempt.stalls().stream())
                .toList();
        Duration longest = stalls.stream()
                .map(Observation.HostStall::stalled)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        table.row(
                "host stood still",
                stalls.isEmpty()
                        ? "never while it was watched"
                        : Wording.count(stalls.size()) + " times, longest " + Wording.took(longest));
        table.end();
        if (content.environment().isEmpty()) {
            html.element("p", "The machine was not recorded, or its record cannot be read.");
        }
    }

    private static void binaries(Html html, ReportContent content) {
        List<Environment.Binary> binaries =
                content.environment().map(Environment::binaries).orElse(List.of());
        if (binaries.isEmpty()) {
            return;
        }
        html.element("h3", "Programs").newLine();
        Table table = Table.start(
                html,
                "Programs that were run, and how they came",
                List.of("program", "version", "origin", "path", "SHA-256"));
        for (Environment.Binary binary : binaries) {
            table.row(
                    Table.Cell.text(binary.name()),
                    List.of(
                            Table.Cell.text(binary.version()),
                            Table.Cell.text(binary.origin()),
                            Table.Cell.code(binary.path()),
                            Table.Cell.code(binary.sha256())));
        }
        table.end();
    }

    private static void damage(Html html, ReportContent content) {
        if (content.problems().isEmpty()) {
            return;
        }
        html.start("h3")
                .attribute("id", "damage")
                .text("What could not be read")
                .end("h3")
                .newLine();
        html.start("ul");
        content.problems().forEach(problem -> html.element("li", problem).newLine());
        html.end("ul");
    }

    private static void files(Html html, ReportContent content) {
        html.element("h3", "Files of the run directory").newLine();
        long bytes =
                content.files().stream().mapToLong(ReportContent.RunFile::bytes).sum();
        html.start("details")
                .element(
                        "summary",
                        Wording.count(content.files().size(), "file") + ", " + Wording.bytes(bytes) + ", with hashes");
        Table table = Table.start(html, "Files, without this report", List.of("path", "size", "SHA-256"));
        for (ReportContent.RunFile file :
                content.files().stream().limit(MOST_FILES).toList()) {
            table.row(
                    Table.Cell.code(file.path()),
                    List.of(
                            Table.Cell.text(Wording.bytes(file.bytes())),
                            file.sha256().map(Table.Cell::code).orElse(Table.Cell.text(file.remark()))));
        }
        table.end();
        if (content.files().size() > MOST_FILES) {
            html.element(
                    "p",
                    "Shown are the first " + Wording.count(MOST_FILES) + " of "
                            + Wording.count(content.files().size()) + ".");
        }
        html.end("details").newLine();
    }
}
