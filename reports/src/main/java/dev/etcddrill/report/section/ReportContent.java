package dev.etcddrill.report.section;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.run.DrillVerdict;
import dev.etcddrill.run.Environment;
import dev.etcddrill.run.RunVerdict;
import java.util.List;
import java.util.Optional;

/**
 * All that a page is written from.
 *
 * @param drills in the run's order, each with its attempts
 * @param environment empty where it was not recorded or cannot be read
 * @param files of the run directory, in order of their paths
 * @param problems what could not be read, a sentence each with file and line
 */
public record ReportContent(
        RunVerdict run,
        List<Drill> drills,
        Optional<Environment> environment,
        List<RunFile> files,
        List<String> problems) {
    public ReportContent {
        requireNonNull(run, "run");
        drills = List.copyOf(drills);
        requireNonNull(environment, "environment");
        files = List.copyOf(files);
        problems = List.copyOf(problems);
    }

    /**
     * A drill and its attempts.
     *
     * @param anchor names the drill within the page
     */
    public record Drill(String anchor, DrillVerdict verdict, List<AttemptDigest> attempts) {
        public Drill {
            requireNonNull(anchor, "anchor");
            requireNonNull(verdict, "verdict");
            attempts = List.copyOf(attempts);
        }

        /** Title and recipe, for people. */
        String name() {
            return verdict.plan().title() + " on " + verdict.plan().recipe();
        }

        Standing standing() {
            return Standing.of(verdict);
        }
    }

    /**
     * A file of the run directory.
     *
     * @param path relative to the run directory, with slashes
     * @param bytes its size
     * @param sha256 in hexadecimal; empty where it was not computed
     * @param remark why there is no hash; empty where there is one
     */
    public record RunFile(String path, long bytes, Optional<String> sha256, String remark) {
        public RunFile {
            requireNonNull(path, "path");
            requireNonNull(sha256, "sha256");
            requireNonNull(remark, "remark");
        }
    }
}
