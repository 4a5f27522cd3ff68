package dev.etcddrill.report.section;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.Observation;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.timeline.AttemptTimeline;
import dev.etcddrill.report.timeline.FaultLife;
import dev.etcddrill.run.AttemptVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the page keeps of one attempt after its record was read: counts, short lists and finished pieces of the page. */
public final class AttemptDigest {
    private final String anchor;
    private final AttemptVerdict verdict;
    private final AttemptClockFace clock;
    private final List<String> problems;
    private final String ending;
    private final OperationCounts counts;
    private final List<FaultLife> faults;
    private final List<Observation.HostStall> stalls;
    private final Duration length;
    private final Html picture;
    private final Map<String, Html> breaks;

    private AttemptDigest(
            String anchor,
            AttemptVerdict verdict,
            AttemptClockFace clock,
            List<String> problems,
            String ending,
            AttemptTimeline timeline,
            Html picture,
            Map<String, Html> breaks) {
        this.anchor = anchor;
        this.verdict = verdict;
        this.clock = clock;
        this.problems = List.copyOf(problems);
        this.ending = ending;
        this.counts = OperationCounts.of(timeline.operations());
        this.faults = timeline.faults();
        this.stalls = timeline.stalls();
        this.length = timeline.end();
        this.picture = picture;
        this.breaks = breaks;
    }

    /**
     * Digests an attempt's record.
     *
     * @param anchor names the attempt within the page
     * @param started wall clock at the start of the attempt; empty where it is not recorded
     * @param problems damage in the record, a sentence each with file and line
     * @param checksToShow ids of the checks whose failing operations are to be shown from this attempt
     * @param mostDots how many operations a picture shows, not counting those that matter
     */
    public static AttemptDigest of(
            String anchor,
            AttemptVerdict verdict,
            AttemptEvidence evidence,
            Optional<Instant> started,
            List<String> problems,
            Set<String> checksToShow,
            int mostDots) {
        requireNonNull(anchor, "anchor");
        AttemptTimeline timeline = AttemptTimeline.of(evidence);
        AttemptClockFace clock = new AttemptClockFace(started);
        Set<Long> pointedAt = new HashSet<>();
        Map<String, Html> breaks = new LinkedHashMap<>();
        for (CheckResult result : verdict.results()) {
            if (!(result.verdict() instanceof Verdict.Pass)) {
                result.operations().forEach(operation -> pointedAt.add(operation.id()));
            }
            if (checksToShow.contains(result.check())) {
                breaks.put(
                        result.check(),
                        BreakDetails.of(anchor + "-" + breaks.size(), result, timeline, clock, mostDots));
            }
        }
        String ending = evidence.end()
                .map(end -> end.completed() ? "" : "Not completed: " + end.reason())
                .orElse(
                        "The record of this attempt breaks off: what ran it was ended before it could say how it went.");
        return new AttemptDigest(
                anchor,
                verdict,
                clock,
                problems,
                ending,
                timeline,
                AttemptPicture.of(anchor, timeline, clock, pointedAt, mostDots),
                breaks);
    }

    /**
     * Stands for an attempt whose record cannot be read.
     *
     * @param problem why, with the file
     */
    public static AttemptDigest unreadable(String anchor, AttemptVerdict verdict, String problem) {
        List<String> problems = new ArrayList<>();
        problems.add(problem);
        return new AttemptDigest(
                anchor,
                verdict,
                new AttemptClockFace(Optional.empty()),
                problems,
                "",
                new AttemptTimeline(
                        List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Duration.ZERO),
                new Html(),
                Map.of());
    }

    String anchor() {
        return anchor;
    }

    AttemptVerdict verdict() {
        return verdict;
    }

    AttemptClockFace clock() {
        return clock;
    }

    List<String> problems() {
        return problems;
    }

    /** Why the attempt did not come to its end; empty where it did. */
    String ending() {
        return ending;
    }

    OperationCounts counts() {
        return counts;
    }

    List<FaultLife> faults() {
        return faults;
    }

    List<Observation.HostStall> stalls() {
        return stalls;
    }

    Duration length() {
        return length;
    }

    Html picture() {
        return picture;
    }

    /** What shows that a check does not pass, by id of the check, for the checks that are shown from this attempt. */
    Map<String, Html> breaks() {
        return breaks;
    }
}
