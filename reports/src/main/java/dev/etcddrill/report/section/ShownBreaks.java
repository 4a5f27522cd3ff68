package dev.etcddrill.report.section;

import dev.etcddrill.run.DrillVerdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** From which attempt of a drill the page shows what broke: for each check that does not pass, the first that tells. */
public final class ShownBreaks {
    private ShownBreaks() {}

    /** Ids of the checks to show, by number of the attempt. */
    public static Map<Integer, Set<String>> of(DrillVerdict drill) {
        Map<Integer, Set<String>> shown = new HashMap<>();
        CheckTally.of(drill)
                .forEach((check, tally) -> tally.telling().stream()
                        .findFirst()
                        .ifPresent(
                                attempt -> shown.computeIfAbsent(attempt.plan().number(), number -> new HashSet<>())
                                        .add(check)));
        return shown;
    }
}
