package dev.etcddrill.report.markup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordingTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "84000, 0.08 ms",
        "1700000, 1.7 ms",
        "9949999, 9.9 ms",
        "9960000, 10 ms",
        "42000000, 42 ms",
        "99600000, 0.10 s",
        "1280000000, 1.28 s",
        "12340000000, 12.3 s",
        "59960000000, 1 m 00 s",
        "252000000000, 4 m 12 s",
        "3725000000000, 1 h 02 m"
    })
    void timesTakenHaveTwoOrThreeDigitsAndAUnit(long nanoseconds, String words) {
        assertThat(Wording.took(Duration.ofNanos(nanoseconds))).isEqualTo(words);
    }

    @Test
    void figuresAreAllInSeconds() {
        assertThat(Wording.inSeconds(Duration.ofMillis(40))).isEqualTo("0.04 s");
        assertThat(Wording.inSeconds(Duration.ofMillis(1280))).isEqualTo("1.28 s");
        assertThat(Wording.inSeconds(Duration.ofSeconds(30))).isEqualTo("30.0 s");
        assertThat(Wording.inSeconds(Duration.ofSeconds(121))).isEqualTo("121 s");
    }

    @Test
    void countsAreGroupedAndAgreeWithTheirNoun() {
        assertThat(Wording.count(38_112)).isEqualTo("38,112");
        assertThat(Wording.count(1, "drill")).isEqualTo("1 drill");
        assertThat(Wording.count(0, "drill")).isEqualTo("0 drills");
    }

    @Test
    void sizesHaveTwoOrThreeDigits() {
        assertThat(Wording.bytes(0)).isEqualTo("0 B");
        assertThat(Wording.bytes(999)).isEqualTo("999 B");
        assertThat(Wording.bytes(1_400)).isEqualTo("1.4 kB");
        assertThat(Wording.bytes(999_700)).isEqualTo("1.0 MB");
        assertThat(Wording.bytes(64_000_000)).isEqualTo("64 MB");
    }

    @Test
    void wallClockIsInUtcAndRoundedAsTimesBesideIt() {
        Instant instant = Instant.parse("2026-11-25T02:14:07.1236Z");

        assertThat(Wording.wallClock(instant)).isEqualTo("2026-11-25 02:14:07 UTC");
        assertThat(Wording.timeOfDay(instant)).isEqualTo("02:14:07.124");
        assertThat(Wording.at(Duration.ofNanos(7_123_600_000L))).isEqualTo("7.124 s");
    }
}
