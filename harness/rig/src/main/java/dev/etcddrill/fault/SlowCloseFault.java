package dev.etcddrill.fault;

import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultParameter;
import dev.etcddrill.plan.FaultParameter.Kind;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The end of a connection is told later in the directions that it hits. */
public final class SlowCloseFault extends ToxicFault {
    private static final String DELAY = "delay";

    public SlowCloseFault() {
        super(
                FaultTypes.SLOW_CLOSE,
                "the end of a connection is told later, in the directions named",
                FaultParameter.required(DELAY, Kind.DURATION, "how much later the end is told"));
    }

    @Override
    public Optional<String> problem(PlannedFault fault, List<String> members) {
        return fault.duration(DELAY).compareTo(Duration.ofMillis(20)) < 0
                ? Optional.of("a delay under 20ms cannot be told from a busy machine; give a longer one")
                : Optional.empty();
    }

    @Override
    LinkToxic toxic(PlannedFault fault) {
        return new LinkToxic.SlowClose(fault.duration(DELAY));
    }

    /** Data arrives as before. */
    @Override
    FaultEffect effect(PlannedFault fault, Link link) {
        return new FaultEffect.LinkDelayed(link, Duration.ZERO);
    }

    @Override
    Duration patience(PlannedFault fault) {
        return fault.duration(DELAY).multipliedBy(3).plusSeconds(1);
    }

    /** An end goes there and back: it is late whichever direction holds it up. */
    @Override
    boolean directionSeen() {
        return false;
    }

    @Override
    Sight look(PlannedFault fault, LinkReading now) {
        List<LinkProbe.Answer> answers = Stream.concat(now.dialledBySender().stream(), now.dialledByReceiver().stream())
                .map(LinkProbe::closing)
                .toList();
        if (!answers.stream().allMatch(LinkProbe.Answer::came)) {
            return Sight.NO_ANSWER;
        }
        List<Duration> ends = answers.stream().map(LinkProbe.Answer::time).toList();
        Duration delay = fault.duration(DELAY);
        return new Sight(
                ends.stream().allMatch(end -> end.compareTo(delay) >= 0),
                ends.stream().allMatch(end -> end.compareTo(delay.dividedBy(2)) < 0),
                ends.stream().map(end -> end.toMillis() + " ms").collect(Collectors.joining(" and ")));
    }
}
