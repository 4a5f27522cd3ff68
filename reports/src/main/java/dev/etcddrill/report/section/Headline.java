package dev.etcddrill.report.section;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.run.RunSummary;
import dev.etcddrill.run.RunVerdict;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The verdict in one line, in words. */
final class Headline {
    private static final String SEPARATOR = " · ";

    private Headline() {}

    /** What follows the word of the verdict: what broke, or, as the console says it, what was run and passed. */
    static String of(RunVerdict run) {
        List<String> reasons = run.verdict().reasons();
        if (run.verdict() instanceof Verdict.Pass) {
            String line = RunSummary.verdictLine(run);
            String word = run.verdict().word() + SEPARATOR;
            return line.startsWith(word) ? line.substring(word.length()) : line;
        } else if (reasons.isEmpty()) {
            return "no reason was given";
        }
        int more = reasons.size() - 1;
        return firstSentence(reasons.get(0)) + (more == 0 ? "" : SEPARATOR + Wording.count(more) + " more");
    }

    /** What was run, such as {@code 5 drills · guide-3-node · etcd 3.6.16 · sandbox · 4 m 12 s}. */
    static String facts(ReportContent content) {
        RunVerdict run = content.run();
        long ran = content.drills().stream()
                .filter(drill -> !drill.verdict().attempts().isEmpty())
                .count();
        String versions = content.drills().stream()
                .map(drill -> drill.verdict().plan().etcdVersion())
                .distinct()
                .collect(Collectors.joining(", "));
        return Stream.of(
                        Wording.count(ran, "drill"),
                        String.join(", ", run.triedRecipes()),
                        versions.isEmpty() ? "" : "etcd " + versions,
                        run.header().runtime(),
                        Wording.took(run.took()))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(SEPARATOR));
    }

    /** Reasons may go on with details after the first sentence; a headline must not. */
    static String firstSentence(String text) {
        int end = text.indexOf(". ");
        String sentence = end < 0 ? text : text.substring(0, end);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
