package dev.etcddrill.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One attempt on one time axis.
 *
 * @param operations in order of invocation
 * @param end the last thing that was recorded
 */
public record AttemptTimeline(
        List<Operation> operations,
        List<FaultLife> faults,
        List<Leadership> leaderships,
        List<MemberLife> members,
        List<Outage> outages,
        List<Moment> moments,
        List<Observation.HostStall> stalls,
        Duration end) {
    public AttemptTimeline {
        operations = List.copyOf(operations);
        faults = List.copyOf(faults);
        leaderships = List.copyOf(leaderships);
        members = List.copyOf(members);
        outages = List.copyOf(outages);
        moments = List.copyOf(moments);
        stalls = List.copyOf(stalls);
        requireNonNull(end, "end");
    }

    /** Reads the record of an attempt, also one that breaks off. */
    public static AttemptTimeline of(AttemptEvidence evidence) {
        List<Observation> observations = evidence.observations().stream()
                .sorted(Comparator.comparing(Observation::at))
                .toList();
        Duration end = end(evidence);
        return new AttemptTimeline(
                evidence.operations(),
                FaultLife.of(evidence.faults()),
                Leadership.of(observations, end),
                MemberLife.of(observations, FaultLife.of(evidence.faults()), end),
                Arrays.stream(Traffic.values())
                        .flatMap(traffic -> Outage.of(traffic, evidence.operations()).stream())
                        .toList(),
                Moment.of(observations),
                observations.stream()
                        .filter(Observation.HostStall.class::isInstance)
                        .map(Observation.HostStall.class::cast)
                        .toList(),
                end);
    }

    private static Duration end(AttemptEvidence evidence) {
        List<Duration> times = new ArrayList<>();
        times.add(Duration.ZERO);
        for (Operation operation : evidence.operations()) {
            times.add(operation.returned().orElse(operation.invoked()));
        }
        evidence.faults().stream().map(FaultEvent::at).forEach(times::add);
        evidence.observations().stream().map(Observation::at).forEach(times::add);
        return times.stream().max(Comparator.naturalOrder()).orElseThrow();
    }
}
