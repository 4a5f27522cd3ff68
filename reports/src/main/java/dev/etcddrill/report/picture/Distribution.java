package dev.etcddrill.report.picture;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.check.Figure;
import dev.etcddrill.report.markup.Wording;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The few numbers that describe a figure's values.
 *
 * @param beyond how many values are longer than the bound
 */
public record Distribution(
        int number, Duration shortest, Duration median, Duration longest, Optional<Duration> bound, long beyond) {
    public Distribution {
        requireNonNull(shortest, "shortest");
        requireNonNull(median, "median");
        requireNonNull(longest, "longest");
        requireNonNull(bound, "bound");
    }

    /**
     * Describes the values of a figure.
     *
     * @throws IllegalArgumentException if the figure has no value
     */
    public static Distribution of(Figure figure) {
        List<Duration> values =
                figure.values().stream().sorted(Comparator.naturalOrder()).toList();
        if (values.isEmpty()) {
            throw new IllegalArgumentException("figure " + figure.name() + " has no value to describe");
        }
        return new Distribution(
                values.size(),
                values.get(0),
                values.get((values.size() - 1) / 2),
                values.get(values.size() - 1),
                figure.bound(),
                figure.bound()
                        .map(bound -> values.stream()
                                .filter(value -> value.compareTo(bound) > 0)
                                .count())
                        .orElse(0L));
    }

    /** The same as a sentence. */
    public String words() {
        String measured = number == 1
                ? Wording.inSeconds(longest)
                : "longest " + Wording.inSeconds(longest) + ", median " + Wording.inSeconds(median) + ", "
                        + Wording.count(number) + " measured";
        return measured
                + bound.map(limit -> "; allowed " + Wording.inSeconds(limit)
                                + (beyond == 0 ? "" : ", " + Wording.count(beyond) + " beyond"))
                        .orElse("");
    }
}
