package dev.etcddrill.report.section;

import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.Operation;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.report.picture.TimelinePicture;
import dev.etcddrill.report.timeline.AttemptTimeline;
import dev.etcddrill.report.timeline.FaultLife;
import dev.etcddrill.report.timeline.Interval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What in one attempt shows that a check does not pass: the operations, the faults around them, the minute around. */
final class BreakDetails {
    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(30);

    private BreakDetails() {}

    static Html of(String id, CheckResult result, AttemptTimeline timeline, AttemptClockFace clock, int mostDots) {
        Html html = new Html();
        if (!result.operations().isEmpty()) {
            ProcessTable.write(
                    html,
                    "The operations that show it, one column a client, time downwards",
                    result.operations(),
                    clock);
        }
        Optional<Interval> shown = span(result.operations(), timeline);
        Interval window = around(shown, timeline);
        if (timeline.faults().isEmpty()) {
            html.element("p", "No fault was planned in this attempt.");
        } else {
            shown.ifPresent(span -> html.element("p", inForce(timeline, span)));
            List<FaultLife> near = active(timeline, window);
            if (!near.isEmpty()) {
                FaultTable.write(html, "Faults around that time", near, clock);
            }
        }
        if (result.verdict() instanceof Verdict.Fail && timeline.end().compareTo(Duration.ZERO) > 0) {
            Set<Long> pointedAt = new HashSet<>();
            result.operations().forEach(operation -> pointedAt.add(operation.id()));
            html.fragment(TimelinePicture.draw(
                    timeline,
                    window,
                    pointedAt,
                    mostDots,
                    id,
                    "The time around it, " + Wording.at(window.from()) + " to " + Wording.at(window.to())));
        }
        return html;
    }

    /** From the first invocation to the last return of the operations that are shown. */
    private static Optional<Interval> span(List<Operation> operations, AttemptTimeline timeline) {
        return operations.stream()
                .map(Operation::invoked)
                .min(Comparator.naturalOrder())
                .map(from -> new Interval(
                        from,
                        operations.stream()
                                .map(operation -> operation.returned().orElse(timeline.end()))
                                .max(Comparator.naturalOrder())
                                .filter(to -> to.compareTo(from) >= 0)
                                .orElse(from)));
    }

    private static List<FaultLife> active(AttemptTimeline timeline, Interval span) {
        List<FaultLife> active = new ArrayList<>();
        for (FaultLife fault : timeline.faults()) {
            if (fault.active(timeline.end()).filter(span::touches).isPresent()) {
                active.add(fault);
            }
        }
        return active;
    }

    /** Which fault was in force while the operations ran; where none was, the nearest before and after. */
    private static String inForce(AttemptTimeline timeline, Interval span) {
        List<FaultLife> active = active(timeline, span);
        if (!active.isEmpty()) {
            return "While these operations ran, in force was: "
                    + active.stream().map(FaultLife::label).collect(Collectors.joining("; ")) + ".";
        }
        StringBuilder words = new StringBuilder("No fault was in force while these operations ran");
        Optional<Duration> before = Optional.empty();
        Optional<Duration> after = Optional.empty();
        for (FaultLife fault : timeline.faults()) {
            Optional<Interval> interval = fault.active(timeline.end());
            Optional<Duration> gone = interval.map(Interval::to).filter(to -> to.compareTo(span.from()) < 0);
            Optional<Duration> injected = interval.map(Interval::from).filter(from -> from.compareTo(span.to()) > 0);
            before = Stream.of(before, gone).flatMap(Optional::stream).max(Comparator.naturalOrder());
            after = Stream.of(after, injected).flatMap(Optional::stream).min(Comparator.naturalOrder());
        }
        before.ifPresent(to -> words.append("; the last one before was gone ")
                .append(Wording.inSeconds(span.from().minus(to)))
                .append(" earlier"));
        after.ifPresent(from -> words.append("; the next one was injected ")
                .append(Wording.inSeconds(from.minus(span.to())))
                .append(" later"));
        return words.append('.').toString();
    }

    /**
     * The time around what is shown: half a minute before and after, less in an attempt that is shorter than three
     * minutes, so that it is more than the whole picture again. Where no operation is shown, around the first fault.
     */
    private static Interval around(Optional<Interval> shown, AttemptTimeline timeline) {
        Duration end = timeline.end();
        Duration sixth = end.dividedBy(6);
        Duration margin = sixth.compareTo(LONGEST_MARGIN) > 0 ? LONGEST_MARGIN : sixth;
        Interval middle = shown.or(() -> timeline.faults().stream()
                        .flatMap(fault -> fault.active(end).stream())
                        .findFirst())
                .orElse(new Interval(Duration.ZERO, end));
        Duration from = middle.from().minus(margin);
        Duration to = middle.to().plus(margin);
        // What a check points at may lie outside a damaged record.
        boolean beyond = to.compareTo(end) > 0 && middle.to().compareTo(end) <= 0;
        return new Interval(from.isNegative() ? Duration.ZERO : from, beyond ? end : to);
    }
}
