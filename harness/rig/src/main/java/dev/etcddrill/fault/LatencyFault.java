package dev.etcddrill.fault;

import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.plan.DurationText;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultParameter;
import dev.etcddrill.plan.FaultParameter.Kind;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Data arrives later in the directions that it hits, and only in these. */
public final class LatencyFault extends ToxicFault {
    private static final String DELAY = "delay";
    private static final String JITTER = "jitter";

    public LatencyFault() {
        super(
                FaultTypes.LATENCY,
                "data arrives later, in exactly the directions named",
                FaultParameter.required(DELAY, Kind.DURATION, "how much later data arrives"),
                FaultParameter.optional(JITTER, Kind.DURATION, Duration.ZERO, "how far that varies, more or less"));
    }

    @Override
    public Optional<String> problem(PlannedFault fault, List<String> members) {
        Duration least = fault.duration(DELAY).minus(fault.duration(JITTER));
        return least.compareTo(Duration.ofMillis(20)) < 0
                ? Optional.of(
                        "a delay that is under 20ms with its jitter taken off cannot be told from a busy machine, but"
                                + " this is " + DurationText.format(least) + "; give a longer delay, or less jitter")
                : Optional.empty();
    }

    @Override
    LinkToxic toxic(PlannedFault fault) {
        return new LinkToxic.Delay(fault.duration(DELAY), fault.duration(JITTER));
    }

    @Override
    FaultEffect effect(PlannedFault fault, Link link) {
        return new FaultEffect.LinkDelayed(link, fault.duration(DELAY).plus(fault.duration(JITTER)));
    }

    @Override
    Duration patience(PlannedFault fault) {
        return fault.duration(DELAY)
                .plus(fault.duration(JITTER))
                .multipliedBy(3)
                .plusSeconds(1);
    }

    @Override
    Sight look(PlannedFault fault, LinkReading now) {
        Duration least = fault.duration(DELAY).minus(fault.duration(JITTER));
        // The way back is a difference of two measurements, each of which may be a little late.
        Duration nearly = least.multipliedBy(9).dividedBy(10);
        Optional<List<Duration>> delays = now.delays();
        if (delays.isEmpty()) {
            return Sight.NO_ANSWER;
        }
        return new Sight(
                delays.get().stream().allMatch(delay -> delay.compareTo(nearly) >= 0),
                delays.get().stream().allMatch(delay -> delay.compareTo(least.dividedBy(2)) < 0),
                delays.get().stream().map(delay -> delay.toMillis() + " ms").collect(Collectors.joining(" and ")));
    }
}
