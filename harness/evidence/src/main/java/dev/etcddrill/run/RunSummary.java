package dev.etcddrill.run;

import dev.etcddrill.check.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the console says of a run at its end: what it means first, and nothing that the report says better. */
public final class RunSummary {
    private static final String SEPARATOR = " · ";

    /** A sentence is read at a glance; what is longer stands in full in the report. */
    private static final int LONGEST_SENTENCE = 240;

    private static final int MOST_SENTENCES = 3;

    private RunSummary() {}

    /**
     * The verdict in one line, such as {@code PASS · 5 drills · guide-3-node · etcd 3.6.16 · sandbox · 4 m 12 s} or
     * {@code FAIL · power loss on guide-3-node: an acknowledged write is lost}.
     */
    public static String verdictLine(RunVerdict run) {
        Verdict verdict = run.verdict();
        if (verdict instanceof Verdict.Pass) {
            long notRun = run.drills().stream().filter(RunJudge::notRun).count();
            long drills = run.drills().size() - notRun;
            List<String> versions = run.drills().stream()
                    .map(drill -> drill.plan().etcdVersion())
                    .distinct()
                    .toList();
            return String.join(
                    SEPARATOR,
                    verdict.word(),
                    drills + (drills == 1 ? " drill" : " drills") + (notRun == 0 ? "" : " (" + notRun + " not run)"),
                    String.join(", ", run.triedRecipes()),
                    "etcd " + String.join(", ", versions),
                    run.header().runtime(),
                    text(run.took()));
        }
        int more = verdict.reasons().size() - 1;
        return verdict.word()
                + SEPARATOR
                + sentence(verdict.reasons().get(0))
                + (more > 0 ? SEPARATOR + more + " more" : "");
    }

    /**
     * All that is said at the end of a run: the verdict, a line for each drill that did not pass, how to run it again,
     * and where to read on.
     *
     * @param reports files that were written for people; where there is none, the run directory is named
     */
    public static List<String> lines(RunVerdict run, Path runDirectory, List<Path> reports) {
        List<String> lines = new ArrayList<>();
        lines.add(verdictLine(run));
        for (DrillVerdict drill : run.drills()) {
            String name = drill.plan().title() + " on " + drill.plan().recipe();
            if (RunJudge.notRun(drill)) {
                lines.add("  NOT RUN  " + name + ": " + drill.plan().notRun().orElseThrow());
            } else if (!(drill.verdict() instanceof Verdict.Pass)) {
                sentences(drill.verdict())
                        .forEach(sentence -> lines.add("  " + drill.verdict().word() + "  " + name + ": " + sentence));
            }
        }
        lines.add("seed " + run.header().seed() + SEPARATOR + "run it again: "
                + run.header().command());
        if (reports.isEmpty()) {
            lines.add("run directory: " + runDirectory);
        }
        reports.forEach(report -> lines.add("report: " + report));
        return lines;
    }

    /** A verdict's reasons as short sentences, the gravest first; where there are many, the last one counts the rest. */
    public static List<String> sentences(Verdict verdict) {
        List<String> sentences = new ArrayList<>();
        verdict.reasons().stream()
                .limit(MOST_SENTENCES)
                .map(RunSummary::sentence)
                .forEach(sentences::add);
        if (verdict.reasons().size() > MOST_SENTENCES) {
            sentences.add("and " + (verdict.reasons().size() - MOST_SENTENCES) + " more");
        }
        return sentences;
    }

    private static String sentence(String reason) {
        String first = reason.lines().findFirst().orElse("");
        int last = first.lastIndexOf(". ");
        if (first.endsWith(":") && last > 0) {
            // It announces lines that only the report has room for.
            first = first.substring(0, last + 1);
        }
        return first.length() <= LONGEST_SENTENCE ? first : first.substring(0, LONGEST_SENTENCE - 1) + "…";
    }

    private static String text(Duration took) {
        if (took.toHours() > 0) {
            return took.toHours() + " h " + took.toMinutesPart() + " m";
        }
        return took.toMinutes() > 0 ? took.toMinutes() + " m " + took.toSecondsPart() + " s" : took.toSeconds() + " s";
    }
}
