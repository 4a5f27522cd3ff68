package dev.etcddrill.report.section;

import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.run.AttemptVerdict;
import dev.etcddrill.run.DrillVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Part 3: for each drill that did not pass, what broke, what shows it, and what an operator can do. */
public final class BrokenSection implements Section {
    private final Guarantees guarantees = Guarantees.installed();

    /** A part without settings. */
    public BrokenSection() {}

    @Override
    public void write(Html html, ReportContent content) {
        List<ReportContent.Drill> broken = content.drills().stream()
                .filter(drill -> drill.standing() == Standing.FAIL || drill.standing() == Standing.INCONCLUSIVE)
                .sorted((one, other) -> one.standing().compareTo(other.standing()))
                .toList();
        html.start("section").attribute("id", "broken");
        html.element("h2", "What did not pass").newLine();
        if (broken.isEmpty()) {
            html.element(
                    "p",
                    content.run().verdict() instanceof Verdict.Pass
                            ? "Nothing: every drill that ran passed."
                            : "No single drill: "
                                    + String.join(" ", content.run().verdict().reasons()));
        } else if (broken.stream().anyMatch(drill -> drill.standing() == Standing.FAIL)) {
            Legend.write(html, "broken-legend");
        }
        broken.forEach(drill -> drill(html, drill));
        html.end("section").newLine();
    }

    private void drill(Html html, ReportContent.Drill drill) {
        DrillVerdict verdict = drill.verdict();
        html.start("article")
                .attribute("id", "broken-" + drill.anchor())
                .styled(drill.standing().style());
        html.start("h3");
        drill.standing().badge(html);
        html.text(" " + drill.name()).end("h3").newLine();
        reasons(html, otherReasons(verdict));
        List<String> uncovered = verdict.plan().requiredClasses().stream()
                .filter(name -> verdict.coverage().getOrDefault(name, 0) == 0)
                .toList();
        if (!uncovered.isEmpty()) {
            html.element("p", "Not covered by any completed attempt: " + String.join("; ", uncovered) + ".");
        }
        List<Map.Entry<String, CheckTally>> tallies = new ArrayList<>();
        CheckTally.of(verdict).entrySet().stream()
                .filter(entry -> !entry.getValue().telling().isEmpty())
                .sorted((one, other) -> Boolean.compare(
                        one.getValue().failed().isEmpty(),
                        other.getValue().failed().isEmpty()))
                .forEach(tallies::add);
        tallies.forEach(entry -> check(html, drill, entry.getKey(), entry.getValue()));
        if (tallies.isEmpty()) {
            html.start("p")
                    .text("No check found fault with what was recorded; it is too little to say more. ")
                    .text(Advice.TOO_LITTLE_EVIDENCE)
                    .end("p");
        }
        html.end("article").newLine();
    }

    private void check(Html html, ReportContent.Drill drill, String check, CheckTally tally) {
        boolean failed = !tally.failed().isEmpty();
        AttemptVerdict telling = tally.telling().get(0);
        Optional<AttemptDigest> digest = drill.attempts().stream()
                .filter(attempt ->
                        attempt.verdict().plan().number() == telling.plan().number())
                .findFirst();
        html.start("section").styled("check");
        html.start("h4").text(failed ? "Broken: " : "Not shown: ");
        html.text(guarantees
                .of(check)
                .map(guarantee -> guarantee.sentence())
                .orElse(drill.verdict().plan().promise()));
        html.end("h4").newLine();
        html.start("p")
                .styled("source")
                .text("Check ")
                .start("code")
                .text(check)
                .end("code");
        html.text(". Source: "
                + guarantees
                        .of(check)
                        .map(guarantee -> guarantee.source())
                        .orElse(drill.verdict().plan().source())
                + ". " + (failed ? "Failed" : "Inconclusive") + " in " + numbers(tally.telling()) + " of "
                + Wording.count(drill.verdict().attempts().size()) + "; shown: ");
        html.start("a")
                .attribute("href", "#" + digest.map(AttemptDigest::anchor).orElse("picture-" + drill.anchor()))
                .text("attempt " + telling.plan().number())
                .end("a");
        html.text(" (" + telling.plan().coverageClass() + ").").end("p").newLine();
        for (CheckResult result : telling.results()) {
            if (result.check().equals(check)) {
                reasons(html, result.verdict().reasons());
            }
        }
        html.start("p").styled("advice").start("strong").text("What to do: ").end("strong");
        html.text(failed ? Advice.afterFailure(check) : Advice.TOO_LITTLE_EVIDENCE)
                .end("p")
                .newLine();
        digest.map(attempt -> attempt.breaks().get(check)).ifPresent(html::fragment);
        html.end("section").newLine();
    }

    private static void reasons(Html html, List<String> reasons) {
        if (!reasons.isEmpty()) {
            html.start("ul").styled("reasons");
            reasons.forEach(reason -> html.element("li", reason));
            html.end("ul").newLine();
        }
    }

    /** What the drill's verdict says beyond its checks: those say it below, with what shows it. */
    private static List<String> otherReasons(DrillVerdict drill) {
        List<String> ofChecks = drill.attempts().stream()
                .flatMap(attempt -> attempt.results().stream())
                .flatMap(result -> result.verdict().reasons().stream())
                .toList();
        // The judge adds to a check's reason in which attempts it was given.
        return drill.verdict().reasons().stream()
                .filter(reason -> ofChecks.stream().noneMatch(reason::startsWith))
                .toList();
    }

    private static String numbers(List<AttemptVerdict> attempts) {
        int most = 10;
        String numbers = attempts.stream()
                .limit(most)
                .map(attempt -> String.valueOf(attempt.plan().number()))
                .collect(Collectors.joining(", "));
        return (attempts.size() == 1 ? "attempt " : "attempts ")
                + numbers
                + (attempts.size() > most ? " and " + (attempts.size() - most) + " more" : "");
    }
}
