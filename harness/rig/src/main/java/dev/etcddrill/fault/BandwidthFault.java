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

/** No more than so much passes in the directions that it hits. */
public final class BandwidthFault extends ToxicFault {
    private static final String RATE = "rate";

    /** The probe's greeting takes a fifth of a second then; at more it could not be told from a busy machine. */
    private static final long MOST = LinkProbe.LONG_GREETING_BYTES / 1024 * 5;

    /**
     * At less the drills' own load does not get through, and a link counts as cut. Measured on all links of three and of
     * five members: at 8 kB/s half of the writes take 0.2 s and none is lost, at 4 kB/s hardly any is answered
     * (docs/faults.md).
     */
    private static final long LEAST_THAT_CARRIES_THE_LOAD = 8;

    public BandwidthFault() {
        super(
                FaultTypes.BANDWIDTH,
                "no more than so much passes, in exactly the directions named",
                FaultParameter.required(RATE, Kind.COUNT, "kilobytes a second, 1 to " + MOST));
    }

    @Override
    public Optional<String> problem(PlannedFault fault, List<String> members) {
        if (fault.target().namesAnswersToClients()) {
            return Optional.of(
                    "what members send to clients cannot be narrowed: the answers to a probe are too short to"
                            + " show it; narrow what clients send");
        }
        long rate = fault.count(RATE);
        return rate >= 1 && rate <= MOST
                ? Optional.empty()
                : Optional.of("the rate must be 1 to " + MOST + " kilobytes a second, but is " + rate
                        + "; a link that lets nothing pass is a blackhole");
    }

    @Override
    LinkToxic toxic(PlannedFault fault) {
        return new LinkToxic.Narrow(fault.count(RATE));
    }

    @Override
    FaultEffect effect(PlannedFault fault, Link link) {
        return fault.count(RATE) < LEAST_THAT_CARRIES_THE_LOAD
                ? new FaultEffect.LinkCut(link)
                : new FaultEffect.LinkDelayed(link, Duration.ZERO);
    }

    private static Duration greetingTime(PlannedFault fault) {
        return Duration.ofMillis(LinkProbe.LONG_GREETING_BYTES / fault.count(RATE));
    }

    @Override
    Duration patience(PlannedFault fault) {
        return greetingTime(fault).multipliedBy(2).plusSeconds(2);
    }

    @Override
    boolean answersSeen() {
        return false;
    }

    /** Measured where the probe can send much: on connections that the sender dials. */
    @Override
    Sight look(PlannedFault fault, LinkReading now) {
        LinkProbe.Answer answer =
                now.dialledBySender().map(LinkProbe::longGreeting).orElseThrow();
        if (!answer.came()) {
            return Sight.NO_ANSWER;
        }
        Duration time = answer.time();
        Duration expected = greetingTime(fault);
        return new Sight(
                time.compareTo(expected.multipliedBy(8).dividedBy(10)) >= 0,
                time.compareTo(expected.dividedBy(2)) < 0,
                LinkProbe.LONG_GREETING_BYTES / 1024 + " KB take " + time.toMillis() + " ms");
    }
}
