package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.check.Verdict;
import java.time.Duration;
import java.util.List;

/**
 * The verdict on a run.
 *
 * @param took from the start to the last thing that was recorded
 */
public record RunVerdict(RunHeader header, Verdict verdict, List<DrillVerdict> drills, Duration took) {
    public RunVerdict {
        requireNonNull(header, "header");
        requireNonNull(verdict, "verdict");
        drills = List.copyOf(drills);
        requireNonNull(took, "took");
    }

    /** Whether the run is INCONCLUSIVE for no reason but that the host stalled, so that it may be run once more. */
    public boolean inconclusiveOnlyForTheHost() {
        return verdict instanceof Verdict.Inconclusive inconclusive && inconclusive.onlyForTheHost();
    }
}
