package dev.etcddrill.report.picture;

import static dev.etcddrill.report.picture.Shapes.line;
import static dev.etcddrill.report.picture.Shapes.rectangle;
import static dev.etcddrill.report.picture.Shapes.text;
import static dev.etcddrill.report.picture.TimeScale.coordinate;
import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.report.picture.DotSelection.Dot;
import dev.etcddrill.report.timeline.AttemptTimeline;
import dev.etcddrill.report.timeline.FaultLife;
import dev.etcddrill.report.timeline.Interval;
import dev.etcddrill.report.timeline.Leadership;
import dev.etcddrill.report.timeline.MemberLife;
import dev.etcddrill.report.timeline.Moment;
import dev.etcddrill.report.timeline.Outage;
import dev.etcddrill.report.timeline.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt, or a part of it, as lanes under each other on one time axis: faults, leaders with their terms, members,
 * times without success for each kind of traffic, every operation as a dot by latency, and marks.
 */
public final class TimelinePicture {
    private static final double WIDTH = 1120;
    private static final double LEFT = 148;
    private static final double RIGHT = 12;
    private static final double ROW = 18;
    private static final double BAR = 12;
    private static final double DOTS_HEIGHT = 190;
    private static final double CHARACTER = 6.4;

    private final AttemptTimeline timeline;
    private final Interval window;
    private final Set<Long> pointedAt;
    private final int mostDots;
    private final String id;
    private final TimeScale scale;
    private final Html lanes = new Html();
    private double top;

    private TimelinePicture(AttemptTimeline timeline, Interval window, Set<Long> pointedAt, int mostDots, String id) {
        this.timeline = requireNonNull(timeline, "timeline");
        this.window = requireNonNull(window, "window");
        this.pointedAt = Set.copyOf(pointedAt);
        this.mostDots = mostDots;
        this.id = requireNonNull(id, "id");
        this.scale = new TimeScale(window, LEFT, WIDTH - LEFT - RIGHT);
    }

    /**
     * Draws the part of an attempt that lies in the window.
     *
     * @param pointedAt ids of operations that a check points at: drawn always, and ringed
     * @param mostDots how many operations are drawn at most, not counting those that matter ({@link DotSelection})
     * @param id unique in the page
     * @param title what the picture shows, in a few words
     */
    public static Html draw(
            AttemptTimeline timeline, Interval window, Set<Long> pointedAt, int mostDots, String id, String title) {
        return new TimelinePicture(timeline, window, pointedAt, mostDots, id).draw(title);
    }

    private Html draw(String title) {
        double axisTop = 6;
        top = axisTop + 20;
        faults();
        leaders();
        members();
        outages();
        double dotsTop = top;
        String dotsNote = dots();
        stalls();
        moments();
        double height = top + 6;

        Html picture = new Html();
        picture.start("div").styled("scroll").attribute("tabindex", "0").attribute("role", "region");
        picture.attribute("aria-label", title);
        picture.start("svg")
                .attribute("xmlns", "http://www.w3.org/2000/svg")
                .styled("timeline")
                .attribute("viewBox", "0 0 " + coordinate(WIDTH) + " " + coordinate(height))
                .attribute("role", "img")
                .attribute("aria-labelledby", id + "-title " + id + "-description");
        picture.start("title").attribute("id", id + "-title").text(title).end("title");
        picture.start("desc")
                .attribute("id", id + "-description")
                .text(describe())
                .end("desc");
        for (TimeScale.Tick tick : scale.ticks()) {
            line(picture, "grid", tick.position(), axisTop + 16, tick.position(), top);
            text(picture, "tick", tick.position(), axisTop + 10, tick.label());
        }
        shadeWriteOutages(picture, axisTop + 16, dotsTop);
        picture.fragment(lanes);
        picture.end("svg").end("div");
        picture.start("p").styled("note").text(dotsNote).end("p").newLine();
        return picture;
    }

    private String describe() {
        return "Time runs from left to right, from " + Wording.at(window.from()) + " to " + Wording.at(window.to())
                + " after the start of the attempt. From top to bottom: "
                + Wording.count(shown(timeline.faults()), "fault")
                + "; leaders; members; times without success; operations by latency on a logarithmic scale; marks. "
                + "The same numbers stand in the tables below.";
    }

    private long shown(List<FaultLife> faults) {
        return faults.stream()
                .filter(fault ->
                        fault.active(timeline.end()).filter(window::touches).isPresent())
                .count();
    }

    private void shadeWriteOutages(Html picture, double from, double to) {
        for (Outage outage : timeline.outages()) {
            if (outage.traffic() == Traffic.WRITES && window.touches(outage.interval())) {
                rect(picture, "no-write", outage.interval(), from, to + DOTS_HEIGHT - from);
            }
        }
    }

    private void faults() {
        Lanes rows = new Lanes(5);
        double first = top;
        label("faults", first);
        for (FaultLife fault : timeline.faults()) {
            Optional<Interval> active = fault.active(timeline.end()).filter(window::touches);
            Optional<Duration> planned = fault.at(Phase.PLANNED).filter(this::inWindow);
            if (active.isEmpty() && planned.isEmpty()) {
                continue;
            }
            double left =
                    scale.clamped(planned.orElseGet(() -> active.orElseThrow().from()));
            double right = active.map(interval -> scale.clamped(interval.to())).orElse(left) + 4;
            String label = fault.label() + (active.isEmpty() ? " (not injected)" : fault.seen() ? "" : " (not seen)");
            double labelled = right + 4 + label.length() * CHARACTER;
            boolean before = labelled > WIDTH - RIGHT;
            double labelLeft = before ? Math.max(LEFT, left - 4 - label.length() * CHARACTER) : right + 1;
            int row = rows.place(before ? labelLeft : left, before ? right : labelled);
            double y = first + Math.max(0, row < 0 ? rows.rows() - 1 : row) * ROW;
            lanes.start("g").element("title", label + times(fault));
            planned.ifPresent(at -> line(lanes, "planned", scale.clamped(at), y + 6, right - 4, y + 6));
            active.ifPresent(interval -> rect(lanes, "fault", interval, y, BAR));
            fault.at(Phase.SEEN).filter(this::inWindow).ifPresent(seen -> {
                Duration lifted =
                        fault.at(Phase.LIFTED).orElse(active.map(Interval::to).orElse(seen));
                if (lifted.compareTo(seen) >= 0) {
                    rect(lanes, "fault-seen", new Interval(seen, lifted), y, BAR);
                }
            });
            if (row >= 0) {
                text(lanes, "name", labelLeft, y + 10, label);
            }
            lanes.end("g");
        }
        top = first + Math.max(1, rows.rows()) * ROW + 4;
    }

    private static String times(FaultLife fault) {
        StringBuilder words = new StringBuilder();
        fault.times()
                .forEach((phase, at) -> words.append(", ")
                        .append(phase.name().toLowerCase(java.util.Locale.ROOT))
                        .append(' ')
                        .append(Wording.at(at)));
        return words.toString();
    }

    private void leaders() {
        List<String> incarnations = timeline.leaderships().stream()
                .map(Leadership::incarnation)
                .distinct()
                .toList();
        if (incarnations.isEmpty()) {
            label("leader", top);
            text(lanes, "name", LEFT + 4, top + 10, "no status was recorded");
            top += ROW + 4;
            return;
        }
        for (String incarnation : incarnations) {
            label(incarnations.size() == 1 ? "leader, term" : "leader " + incarnation, top);
            for (Leadership leadership : timeline.leaderships()) {
                if (!leadership.incarnation().equals(incarnation) || !window.touches(leadership.interval())) {
                    continue;
                }
                String words = leadership
                        .leader()
                        .map(leader -> leader + ", term " + leadership.term())
                        .orElse("no leader");
                lanes.start("g")
                        .element(
                                "title",
                                words + ", " + Wording.at(leadership.interval().from()) + " to "
                                        + Wording.at(leadership.interval().to()));
                rect(lanes, leadership.leader().isPresent() ? "leader" : "leaderless", leadership.interval(), top, BAR);
                double left = scale.clamped(leadership.interval().from());
                double room = scale.clamped(leadership.interval().to()) - left - 6;
                if (words.length() * CHARACTER <= room) {
                    text(lanes, "name", left + 4, top + 10, words);
                } else if (leadership.leader().isPresent()
                        && leadership.leader().get().length() * CHARACTER <= room) {
                    text(lanes, "name", left + 4, top + 10, leadership.leader().get());
                }
                lanes.end("g");
            }
            top += ROW;
        }
        top += 4;
    }

    private void members() {
        boolean several = timeline.members().stream()
                        .map(MemberLife::incarnation)
                        .distinct()
                        .count()
                > 1;
        for (MemberLife life : timeline.members()) {
            label(several ? life.incarnation() + " " + life.member() : life.member(), top);
            for (MemberLife.Stretch stretch : life.stretches()) {
                if (!window.touches(stretch.interval())) {
                    continue;
                }
                lanes.start("g")
                        .element(
                                "title",
                                life.member() + " " + stretch.state().label() + ", "
                                        + Wording.at(stretch.interval().from()) + " to "
                                        + Wording.at(stretch.interval().to()));
                switch (stretch.state()) {
                    case ANSWERS -> rect(lanes, "up", stretch.interval(), top + 3, 6);
                    case SILENT -> rect(lanes, "silent", stretch.interval(), top + 2, 8);
                    case ENDED -> {
                        double left = scale.clamped(stretch.interval().from());
                        line(
                                lanes,
                                "ended",
                                left,
                                top + 6,
                                scale.clamped(stretch.interval().to()),
                                top + 6);
                        if (inWindow(stretch.interval().from())) {
                            cross(left, top + 6);
                        }
                    }
                }
                lanes.end("g");
            }
            top += 15;
        }
        top += 5;
    }

    private void cross(double x, double y) {
        lanes.start("path")
                .styled("cross")
                .attribute("d", "M" + coordinate(x - 3.5) + " " + coordinate(y - 3.5) + "l7 7m0-7l-7 7")
                .end("path");
    }

    private void outages() {
        for (Traffic traffic : Traffic.values()) {
            boolean asked =
                    timeline.operations().stream().anyMatch(operation -> Traffic.of(operation.request()) == traffic);
            if (!asked) {
                continue;
            }
            label("no " + traffic.label(), top);
            line(lanes, "base", LEFT, top + 6, WIDTH - RIGHT, top + 6);
            List<Outage> outages = timeline.outages().stream()
                    .filter(outage -> outage.traffic() == traffic && window.touches(outage.interval()))
                    .toList();
            for (Outage outage : outages) {
                lanes.start("g")
                        .element(
                                "title",
                                "no success in " + traffic.label() + " for "
                                        + Wording.took(outage.interval().length()) + " from "
                                        + Wording.at(outage.interval().from())
                                        + (outage.ended() ? "" : ", to the end of the record"));
                rect(lanes, "outage", outage.interval(), top + 1, 10);
                lanes.end("g");
            }
            lengths(outages);
            top += 15;
        }
        top += 5;
    }

    /** Writes how long each outage is: after it, before it, or in it, wherever there is room; else the table has it. */
    private void lengths(List<Outage> outages) {
        double free = LEFT;
        for (int index = 0; index < outages.size(); index++) {
            Interval interval = outages.get(index).interval();
            String words = Wording.took(interval.length());
            double room = words.length() * CHARACTER;
            double left = scale.clamped(interval.from());
            double right = scale.clamped(interval.to());
            double next = index + 1 < outages.size()
                    ? scale.clamped(outages.get(index + 1).interval().from())
                    : WIDTH - RIGHT;
            if (right + 3 + room <= next) {
                text(lanes, "name", right + 3, top + 10, words);
                free = right + 3 + room;
            } else if (left - 3 - room >= free) {
                text(lanes, "name", left - 3 - room, top + 10, words);
                free = right;
            } else {
                if (right - left >= room + 4) {
                    text(lanes, "name", left + 2, top + 10, words);
                }
                free = right;
            }
        }
    }

    private String dots() {
        List<Operation> inWindow = timeline.operations().stream()
                .filter(operation -> inWindow(operation.invoked()))
                .toList();
        LatencyScale latencies = LatencyScale.of(inWindow, top + 18, top + DOTS_HEIGHT - 6);
        text(lanes, "lane", LEFT - 66, top + DOTS_HEIGHT / 2, "latency");
        rectangle(lanes, "panel", LEFT, top, WIDTH - LEFT - RIGHT, DOTS_HEIGHT);
        if (inWindow.stream().anyMatch(operation -> operation.returned().isEmpty())) {
            text(lanes, "scale", LEFT - 6, top + 14, "no answer");
        }
        for (LatencyScale.Line decade : latencies.decades()) {
            line(lanes, "grid", LEFT, decade.position(), WIDTH - RIGHT, decade.position());
            text(lanes, "scale", LEFT - 6, decade.position() + 4, decade.label());
        }
        double unanswered = top + 10;
        List<Dot> dots = inWindow.stream()
                .map(operation -> new Dot(
                        operation,
                        scale.position(operation.invoked()),
                        DotSelection.latency(operation).map(latencies::position).orElse(unanswered)))
                .toList();
        List<Dot> drawn = DotSelection.of(dots, mostDots, pointedAt, timeline.outages());
        DotShapes.draw(lanes, drawn);
        for (Dot dot : drawn) {
            if (pointedAt.contains(dot.operation().id())) {
                lanes.start("g")
                        .element(
                                "title",
                                "operation " + dot.operation().id() + " of client "
                                        + dot.operation().process() + ", invoked "
                                        + Wording.at(dot.operation().invoked()));
                lanes.start("circle")
                        .styled("pointed")
                        .attribute("cx", coordinate(dot.x()))
                        .attribute("cy", coordinate(dot.y()))
                        .attribute("r", "7")
                        .end("circle");
                lanes.end("g");
            }
        }
        top += DOTS_HEIGHT + 6;
        return inWindow.isEmpty() ? "No operation was recorded in this stretch of time." : note(inWindow, drawn.size());
    }

    private static String note(List<Operation> operations, int drawn) {
        long failed = operations.stream()
                .filter(operation -> operation.outcome() instanceof Outcome.Failed)
                .count();
        long unknown = operations.stream()
                .filter(operation -> operation.outcome() instanceof Outcome.Unknown)
                .count();
        return Wording.count(operations.size(), "operation") + ", of them " + Wording.count(failed) + " failed and "
                + Wording.count(unknown) + " unknown; "
                + (drawn == operations.size()
                        ? "all are drawn."
                        : Wording.count(drawn)
                                + " are drawn: dots that would lie on each other are thinned out, but every"
                                + " failed or unknown one, the slowest, and those that a check points at are there.");
    }

    private void stalls() {
        List<Observation.HostStall> stalls =
                timeline.stalls().stream().filter(stall -> inWindow(stall.at())).toList();
        if (stalls.isEmpty()) {
            return;
        }
        label("host stalled", top);
        line(lanes, "base", LEFT, top + 6, WIDTH - RIGHT, top + 6);
        double free = LEFT;
        for (Observation.HostStall stall : stalls) {
            Duration from = stall.at().minus(stall.stalled());
            double left = scale.clamped(from.isNegative() ? Duration.ZERO : from);
            double right = scale.clamped(stall.at());
            rectangle(lanes, "stall", left, top + 1, Math.max(2, right - left), 10);
            String words = Wording.took(stall.stalled());
            if (right > free && right + 3 + words.length() * CHARACTER < WIDTH - RIGHT) {
                text(lanes, "name", right + 3, top + 10, words);
                free = right + 6 + words.length() * CHARACTER;
            }
        }
        top += ROW;
    }

    private void moments() {
        List<Moment> moments = timeline.moments();
        List<Integer> shown = new ArrayList<>();
        for (int index = 0; index < moments.size(); index++) {
            if (inWindow(moments.get(index).at())) {
                shown.add(index);
            }
        }
        if (shown.isEmpty()) {
            return;
        }
        label("marks", top);
        Lanes rows = new Lanes(3);
        double first = top;
        for (int index : shown) {
            Moment moment = moments.get(index);
            String number = String.valueOf(index + 1);
            double x = scale.position(moment.at());
            double half = 4 + number.length() * CHARACTER / 2;
            int row = rows.place(x - half, x + half + 1);
            double y = first + Math.max(0, row) * 16;
            lanes.start("g").element("title", Wording.at(moment.at()) + ": " + moment.text());
            line(lanes, "moment", x, first - 4, x, y);
            if (row >= 0) {
                rectangle(lanes, "number", x - half, y, 2 * half, 14);
                text(lanes, "numeral", x, y + 11, number);
            }
            lanes.end("g");
        }
        top += Math.max(1, rows.rows()) * 16 + 4;
    }

    private boolean inWindow(Duration at) {
        return at.compareTo(window.from()) >= 0 && at.compareTo(window.to()) <= 0;
    }

    private void label(String words, double y) {
        text(lanes, "lane", LEFT - 8, y + 10, words);
    }

    private void rect(Html into, String style, Interval interval, double y, double height) {
        double left = scale.clamped(interval.from());
        rectangle(into, style, left, y, Math.max(1.5, scale.clamped(interval.to()) - left), height);
    }
}
