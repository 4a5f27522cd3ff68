package dev.etcddrill.report;

import dev.etcddrill.report.section.AttemptDigest;
import dev.etcddrill.report.section.ReportContent;
import dev.etcddrill.report.section.ShownBreaks;
import dev.etcddrill.run.AttemptDirectory;
import dev.etcddrill.run.AttemptRecord;
import dev.etcddrill.run.AttemptVerdict;
import dev.etcddrill.run.DrillDirectory;
import dev.etcddrill.run.DrillVerdict;
import dev.etcddrill.run.Environment;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a run directory attempt by attempt into what the page is written from; damage is told in the page. */
final class RunReader {
    /** Dots of all pictures together, not counting those that matter: about 15 bytes each, so about a megabyte. */
    private static final int MOST_DOTS = 80_000;

    private static final int MOST_DOTS_OF_ONE_PICTURE = 4_000;
    private static final int FEWEST_DOTS_OF_ONE_PICTURE = 100;

    private final RunDirectory run;
    private final RunVerdict verdict;
    private final int mostDots;
    private final List<String> problems = new ArrayList<>();

    private RunReader(RunDirectory run, RunVerdict verdict) {
        this.run = run;
        this.verdict = verdict;
        int attempts = verdict.drills().stream()
                .mapToInt(drill -> drill.attempts().size())
                .sum();
        this.mostDots = Math.max(
                FEWEST_DOTS_OF_ONE_PICTURE, Math.min(MOST_DOTS_OF_ONE_PICTURE, MOST_DOTS / Math.max(1, attempts)));
    }

    /**
     * Reads all that the page tells.
     *
     * @throws IOException if the directory itself cannot be listed
     */
    static ReportContent read(RunDirectory run, RunVerdict verdict) throws IOException {
        return new RunReader(run, verdict).read();
    }

    private ReportContent read() throws IOException {
        List<ReportContent.Drill> drills = new ArrayList<>();
        for (int index = 0; index < verdict.drills().size(); index++) {
            // Ids are unique and fit for a file, but not for a link: numbers are both.
            drills.add(drill("drill-" + (index + 1), verdict.drills().get(index)));
        }
        return new ReportContent(verdict, drills, environment(), RunFiles.list(run.path(), run.reportFile()), problems);
    }

    private Optional<Environment> environment() {
        try {
            return run.environment();
        } catch (IOException e) {
            problems.add(sentence(e));
            return Optional.empty();
        }
    }

    private ReportContent.Drill drill(String anchor, DrillVerdict drill) {
        Map<Integer, Set<String>> shown = ShownBreaks.of(drill);
        Map<Integer, Path> directories = directories(drill);
        List<AttemptDigest> attempts = new ArrayList<>();
        for (AttemptVerdict attempt : drill.attempts()) {
            int number = attempt.plan().number();
            attempts.add(attempt(
                    anchor + "-attempt-" + number,
                    attempt,
                    Optional.ofNullable(directories.remove(number)),
                    shown.getOrDefault(number, Set.of())));
        }
        directories
                .values()
                .forEach(directory -> problems.add(run.path().relativize(directory)
                        + " was not judged: its plan cannot be read, or it was recorded after the verdict"));
        return new ReportContent.Drill(anchor, drill, attempts);
    }

    private Map<Integer, Path> directories(DrillVerdict drill) {
        Map<Integer, Path> directories = new LinkedHashMap<>();
        try {
            // Not by the verdict's own plan: where the two differ, asking by it would change the record.
            boolean planned = run.drills().contains(drill.plan());
            if (planned) {
                DrillDirectory directory = run.drill(drill.plan());
                for (Path attempt : directory.attempts()) {
                    directories.put(Integer.parseInt(attempt.getFileName().toString()), attempt);
                }
            }
        } catch (IOException e) {
            problems.add(sentence(e));
        }
        return directories;
    }

    private AttemptDigest attempt(
            String anchor, AttemptVerdict attempt, Optional<Path> directory, Set<String> checksToShow) {
        if (directory.isEmpty()) {
            return unreadable(
                    anchor,
                    attempt,
                    "the record of attempt " + attempt.plan().number() + " of "
                            + attempt.plan().drill() + " is missing; the verdict is what was stored");
        }
        try {
            AttemptRecord record = AttemptDirectory.read(directory.get());
            problems.addAll(record.problems());
            return AttemptDigest.of(
                    anchor,
                    attempt,
                    record.evidence(),
                    record.started().map(reading -> reading.wallAt(Duration.ZERO)),
                    record.problems(),
                    checksToShow,
                    mostDots);
        } catch (IOException e) {
            return unreadable(anchor, attempt, sentence(e));
        }
    }

    private AttemptDigest unreadable(String anchor, AttemptVerdict attempt, String problem) {
        problems.add(problem);
        return AttemptDigest.unreadable(anchor, attempt, problem);
    }

    /** Exceptions of the file system say in their message only which file. */
    private static String sentence(IOException failure) {
        return failure instanceof java.nio.file.FileSystemException ? failure.toString() : failure.getMessage();
    }
}
