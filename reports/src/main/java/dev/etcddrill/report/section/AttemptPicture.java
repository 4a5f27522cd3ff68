package dev.etcddrill.report.section;

import dev.etcddrill.history.Observation;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Table;
import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.report.picture.TimelinePicture;
import dev.etcddrill.report.timeline.AttemptTimeline;
import dev.etcddrill.report.timeline.Interval;
import dev.etcddrill.report.timeline.Leadership;
import dev.etcddrill.report.timeline.MemberLife;
import dev.etcddrill.report.timeline.Moment;
import dev.etcddrill.report.timeline.Outage;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The picture of an attempt and the tables that hold its numbers. */
final class AttemptPicture {
    /** Longer tables are cut: the rest is in the run directory. */
    private static final int MOST_ROWS = 150;

    private AttemptPicture() {}

    static Html of(String anchor, AttemptTimeline timeline, AttemptClockFace clock, Set<Long> pointedAt, int mostDots) {
        Html html = new Html();
        if (timeline.end().equals(Duration.ZERO)) {
            html.element("p", "Nothing was recorded in this attempt, so there is nothing to draw.");
            return html;
        }
        html.fragment(TimelinePicture.draw(
                timeline,
                new Interval(Duration.ZERO, timeline.end()),
                pointedAt,
                mostDots,
                anchor + "-picture",
                "The whole attempt, " + Wording.took(timeline.end())));
        html.start("details").element("summary", "The numbers of this picture");
        if (!timeline.faults().isEmpty()) {
            FaultTable.write(html, "Faults", timeline.faults(), clock);
        }
        operations(html, OperationCounts.of(timeline.operations()));
        outages(html, timeline, clock);
        leaders(html, timeline, clock);
        members(html, timeline, clock);
        moments(html, timeline, clock);
        stalls(html, timeline, clock);
        html.end("details").newLine();
        return html;
    }

    static void operations(Html html, OperationCounts counts) {
        if (counts.total() == 0) {
            html.element("p", "No operation was recorded.");
            return;
        }
        Table table = Table.start(
                html,
                "Operations by kind and outcome",
                List.of("kind", "ok", "failed", "unknown", "median latency", "99 of 100 within", "longest"));
        for (OperationCounts.Kind kind : counts.kinds()) {
            OperationCounts.Row row = counts.row(kind);
            boolean answered = row.ok() > 0;
            table.row(
                    kind.label(),
                    Wording.count(row.ok()),
                    Wording.count(row.failed()),
                    Wording.count(row.unknown()),
                    answered ? Wording.took(row.percentile(0.5)) : "–",
                    answered ? Wording.took(row.percentile(0.99)) : "–",
                    answered ? Wording.took(row.longest()) : "–");
        }
        table.end();
    }

    private static void outages(Html html, AttemptTimeline timeline, AttemptClockFace clock) {
        if (timeline.outages().isEmpty()) {
            html.element(
                    "p",
                    "No kind of operation went without success for longer than " + Wording.took(Outage.SHORTEST) + ".");
            return;
        }
        Table table = Table.start(
                html,
                "Times without success, longer than " + Wording.took(Outage.SHORTEST),
                List.of("kind", "from", "to", "length"));
        timeline.outages().stream()
                .limit(MOST_ROWS)
                .forEach(outage -> table.row(
                        Table.Cell.text(outage.traffic().label()),
                        List.of(
                                cell -> clock.write(cell, outage.interval().from()),
                                cell -> {
                                    clock.write(cell, outage.interval().to());
                                    cell.text(outage.ended() ? "" : " (end of the record)");
                                },
                                Table.Cell.text(Wording.took(outage.interval().length())))));
        table.end();
        cut(html, timeline.outages().size());
    }

    private static void leaders(Html html, AttemptTimeline timeline, AttemptClockFace clock) {
        if (timeline.leaderships().isEmpty()) {
            return;
        }
        Table table = Table.start(
                html, "Leaders, as the members named them", List.of("cluster", "leader", "term", "from", "to"));
        timeline.leaderships().stream()
                .limit(MOST_ROWS)
                .forEach(leadership -> table.row(
                        Table.Cell.text(leadership.incarnation()),
                        List.of(
                                Table.Cell.text(leadership.leader().orElse("none")),
                                Table.Cell.text(term(leadership)),
                                cell -> clock.write(cell, leadership.interval().from()),
                                cell -> clock.write(cell, leadership.interval().to()))));
        table.end();
        cut(html, timeline.leaderships().size());
    }

    private static String term(Leadership leadership) {
        return leadership.term() == 0 ? "–" : Wording.count(leadership.term());
    }

    private static void members(Html html, AttemptTimeline timeline, AttemptClockFace clock) {
        long down = timeline.members().stream()
                .flatMap(life -> life.stretches().stream())
                .filter(stretch -> stretch.state() != MemberLife.State.ANSWERS)
                .count();
        if (timeline.members().isEmpty()) {
            html.element("p", "No status of a member was recorded.");
            return;
        } else if (down == 0) {
            html.element("p", "Every member answered whenever its status was asked for.");
            return;
        }
        Table table = Table.start(
                html, "When members did not answer", List.of("member", "cluster", "state", "from", "to", "length"));
        timeline.members()
                .forEach(life -> life.stretches().stream()
                        .filter(stretch -> stretch.state() != MemberLife.State.ANSWERS)
                        .limit(MOST_ROWS)
                        .forEach(stretch -> table.row(
                                Table.Cell.text(life.member()),
                                List.of(
                                        Table.Cell.text(life.incarnation()),
                                        Table.Cell.text(stretch.state().label()),
                                        cell -> clock.write(
                                                cell, stretch.interval().from()),
                                        cell -> clock.write(
                                                cell, stretch.interval().to()),
                                        Table.Cell.text(
                                                Wording.took(stretch.interval().length()))))));
        table.end();
    }

    private static void moments(Html html, AttemptTimeline timeline, AttemptClockFace clock) {
        if (timeline.moments().isEmpty()) {
            return;
        }
        Table table = Table.start(html, "Marks", List.of("number", "time", "what happened"));
        int number = 0;
        for (Moment moment : timeline.moments()) {
            number++;
            if (number > MOST_ROWS) {
                break;
            }
            table.row(
                    Table.Cell.text(String.valueOf(number)),
                    List.of(cell -> clock.write(cell, moment.at()), Table.Cell.text(moment.text())));
        }
        table.end();
        cut(html, timeline.moments().size());
    }

    private static void stalls(Html html, AttemptTimeline timeline, AttemptClockFace clock) {
        if (timeline.stalls().isEmpty()) {
            return;
        }
        Table table = Table.start(html, "Times when the host itself stood still", List.of("woke up at", "too late by"));
        for (Observation.HostStall stall :
                timeline.stalls().stream().limit(MOST_ROWS).toList()) {
            table.row(cell -> clock.write(cell, stall.at()), List.of(Table.Cell.text(Wording.took(stall.stalled()))));
        }
        table.end();
        cut(html, timeline.stalls().size());
    }

    private static void cut(Html html, int rows) {
        if (rows > MOST_ROWS) {
            html.element(
                    "p",
                    "Shown are the first " + MOST_ROWS + " of " + Wording.count(rows)
                            + "; the rest is in the files of the attempt.");
        }
    }
}
