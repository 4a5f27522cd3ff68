package dev.etcddrill.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.run.DrillVerdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillFailureTest {
    @Test
    void aPassThrowsNothing() {
        assertThatCode(() -> DrillFailure.throwUnlessPassed(verdict(new Verdict.Pass())))
                .doesNotThrowAnyException();
    }

    @Test
    void aFailReachesJunitInItsOwnWordsWithoutAStackTraceOfOurs() {
        assertThatThrownBy(() -> DrillFailure.throwUnlessPassed(verdict(new Verdict.Fail(List.of("a write is lost")))))
                .isInstanceOf(AssertionError.class)
                .hasMessage("leader-lost@guide: FAIL a write is lost")
                .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
    }

    @Test
    void tooLittleEvidenceFailsToo() {
        assertThatThrownBy(() -> DrillFailure.throwUnlessPassed(
                        verdict(new Verdict.Inconclusive(List.of("a class is missing")))))
                .hasMessage("leader-lost@guide: INCONCLUSIVE a class is missing");
    }

    private static DrillVerdict verdict(Verdict verdict) {
        DrillPlan.Bound bound = new DrillPlan.Bound(Duration.ofSeconds(3), "stated");
        DrillPlan plan = new DrillPlan(
                "leader-lost@guide",
                "leader lost",
                "promise",
                "source",
                "guide",
                List.of("etcd-1"),
                "3.6.16",
                "sandbox",
                List.of("durability"),
                List.of(),
                new DrillPlan.Objectives(bound, bound),
                Optional.empty());
        return new DrillVerdict(plan, verdict, Map.of(), List.of());
    }
}
