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

    /** Recipes that at least one attempt was made on; all of the run where there was none. */
    public List<String> triedRecipes() {
        List<String> tried = header.recipes().stream().filter(this::tried).toList();
        return tried.isEmpty() ? header.recipes() : tried;
    }

    /** Recipes of the run that no attempt was made on: the verdict says nothing of them. */
    public List<String> untriedRecipes() {
        return header.recipes().stream().filter(recipe -> !tried(recipe)).toList();
    }

    private boolean tried(String recipe) {
        return drills.stream()
                .anyMatch(drill -> drill.plan().recipe().equals(recipe)
                        && !drill.attempts().isEmpty());
    }

    /** Whether the run is INCONCLUSIVE for no reason but that the host stalled, so that it may be run once more. */
    public boolean inconclusiveOnlyForTheHost() {
        return verdict instanceof Verdict.Inconclusive inconclusive && inconclusive.onlyForTheHost();
    }
}
