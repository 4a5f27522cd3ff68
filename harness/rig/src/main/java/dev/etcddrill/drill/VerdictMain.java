package dev.etcddrill.drill;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.run.ExitStatus;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunSummary;
import dev.etcddrill.run.RunVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The last step of the build: fails it unless the run that was prepared is there and passed. JUnit is green when every
 * test that it found is; a drill that it never found would go unnoticed. Argument: the file of the prepared run.
 */
public final class VerdictMain {
    /** File times and the clock may differ by a tick. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private VerdictMain() {}

    public static void main(String[] arguments) throws IOException {
        requirePass(Path.of(arguments[0]));
    }

    static void requirePass(Path preparedFile) throws IOException {
        PreparedRun prepared = PreparedRun.read(preparedFile);
        Instant notBefore = Files.getLastModifiedTime(preparedFile).toInstant().minus(TOLERANCE);
        Path latest = prepared.runs().resolve("latest");
        if (!Files.exists(latest)) {
            throw noRun("there is no run in " + prepared.runs());
        }
        RunDirectory run = RunDirectory.open(latest);
        if (run.header().seed() != prepared.seed() || run.header().started().isBefore(notBefore)) {
            throw noRun("the newest run is an older one, " + run.path());
        }
        Optional<RunVerdict> verdict = run.verdict();
        if (verdict.isEmpty()) {
            throw noRun("the run in " + run.path() + " has no verdict");
        }
        if (!(verdict.get().verdict() instanceof Verdict.Pass)) {
            throw new PreparationException(
                    ExitStatus.of(verdict.get().verdict()), RunSummary.verdictLine(verdict.get()));
        }
    }

    private static PreparationException noRun(String seen) {
        return new PreparationException(
                ExitStatus.INCONCLUSIVE, "expected that the prepared drills ran, but " + seen + ": no drill was run");
    }
}
