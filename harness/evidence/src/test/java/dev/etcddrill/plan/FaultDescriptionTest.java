package dev.etcddrill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultDescriptionTest {
    private static final FaultDescription SLOW = new FaultDescription(
            "slow",
            "answers are late",
            FaultTarget.Kind.MEMBERS,
            List.of(
                    FaultParameter.required("delay", FaultParameter.Kind.DURATION, "how late"),
                    FaultParameter.optional("share", FaultParameter.Kind.COUNT, 100L, "how many of a hundred")),
            Set.of());

    private static PlannedFault fault(Map<String, Object> parameters) {
        return new PlannedFault("f", "slow", new FaultTarget.Leader(), parameters);
    }

    @Test
    void what_is_not_given_has_its_fallback() {
        PlannedFault complete = SLOW.complete(fault(Map.of("delay", Duration.ofSeconds(1))));

        assertThat(complete.duration("delay")).isEqualTo(Duration.ofSeconds(1));
        assertThat(complete.count("share")).isEqualTo(100);
    }

    @Test
    void what_must_be_given_and_what_is_unknown_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SLOW.complete(fault(Map.of())))
                .withMessageContaining("expected the parameter delay of the fault f: how late");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SLOW.complete(fault(Map.of("delay", Duration.ZERO, "speed", 1L))))
                .withMessageContaining("slow has no parameter speed");
    }
}
