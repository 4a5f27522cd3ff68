package dev.etcddrill.report.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.check.Figure;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DistributionTest {
    private static Figure figure(Optional<Duration> bound, long... milliseconds) {
        return new Figure(
                "gap",
                java.util.Arrays.stream(milliseconds)
                        .mapToObj(Duration::ofMillis)
                        .toList(),
                bound,
                "recipe");
    }

    @Test
    void saysLongestMedianNumberAndBound() {
        assertThat(Distribution.of(figure(Optional.of(Duration.ofSeconds(3)), 1580, 1210, 960))
                        .words())
                .isEqualTo("longest 1.58 s, median 1.21 s, 3 measured; allowed 3.00 s");
    }

    @Test
    void saysHowManyAreBeyondTheBound() {
        assertThat(Distribution.of(figure(Optional.of(Duration.ofSeconds(1)), 1580, 1210, 960))
                        .words())
                .endsWith("; allowed 1.00 s, 2 beyond");
    }

    @Test
    void saysOneValueAsItIs() {
        assertThat(Distribution.of(figure(Optional.empty(), 40)).words()).isEqualTo("0.04 s");
    }

    @Test
    void valuesOfZeroCanBeDrawn() {
        String picture =
                DistributionPicture.draw(figure(Optional.empty(), 0, 0), "id").complete();

        assertThat(picture).doesNotContain("NaN", "Infinity");
        assertThat(picture).containsOnlyOnce("class=\"value\"");
    }
}
