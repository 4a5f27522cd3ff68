package dev.etcddrill.report.section;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes points of an attempt's clock, with the wall clock beside, so that they can be found in other logs.
 *
 * @param started wall clock at the start of the attempt; empty where it is not recorded
 */
record AttemptClockFace(Optional<Instant> started) {
    AttemptClockFace {
        requireNonNull(started, "started");
    }

    void write(Html html, Duration at) {
        html.start("span").styled("time").text(Wording.at(at)).end("span");
        started.ifPresent(start -> html.text(" ")
                .start("span")
                .styled("wall")
                .text(Wording.timeOfDay(start.plus(at)))
                .end("span"));
    }

    /** Writes a dash where there is no such point. */
    void write(Html html, Optional<Duration> at) {
        at.ifPresentOrElse(point -> write(html, point), () -> html.text("–"));
    }
}
