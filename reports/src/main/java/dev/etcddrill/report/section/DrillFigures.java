package dev.etcddrill.report.section;

import dev.etcddrill.check.Figure;
import dev.etcddrill.run.DrillVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The figures of a drill, each with the values of all attempts together. */
final class DrillFigures {
    private DrillFigures() {}

    /** The same, those first that came nearest to their bound or went beyond it. */
    static List<Figure> tightest(DrillVerdict drill) {
        List<Figure> figures = new ArrayList<>(of(drill));
        figures.sort(Comparator.comparingDouble(DrillFigures::share).reversed());
        return figures;
    }

    /** The longest value as a share of the bound; above 1 where it is beyond, 0 where there is no bound or no value. */
    static double share(Figure figure) {
        if (figure.bound().isEmpty() || figure.values().isEmpty()) {
            return 0;
        }
        Duration longest =
                figure.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        return (double) longest.toNanos() / figure.bound().get().toNanos();
    }

    private record Key(String name, Optional<Duration> bound, String boundSource) {}

    /** Those with a bound first, otherwise in the order of the checks. */
    static List<Figure> of(DrillVerdict drill) {
        Map<Key, List<Duration>> values = new LinkedHashMap<>();
        drill.attempts()
                .forEach(attempt -> attempt.results().forEach(result -> {
                    for (Figure figure : result.figures()) {
                        values.computeIfAbsent(
                                        new Key(figure.name(), figure.bound(), figure.boundSource()),
                                        key -> new ArrayList<>())
                                .addAll(figure.values());
                    }
                }));
        List<Figure> figures = new ArrayList<>();
        values.forEach((key, all) -> figures.add(new Figure(key.name(), all, key.bound(), key.boundSource())));
        figures.sort((one, other) ->
                Boolean.compare(other.bound().isPresent(), one.bound().isPresent()));
        return figures;
    }
}
