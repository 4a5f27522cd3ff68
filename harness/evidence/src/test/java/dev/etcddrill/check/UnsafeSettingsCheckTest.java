package dev.etcddrill.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Observation;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsafeSettingsCheckTest {
    @Test
    void settings_that_are_off_pass() {
        assertThat(judge(setting("unsafe-no-fsync", "false"), setting("force-new-cluster", "false"))
                        .verdict())
                .isInstanceOf(Verdict.Pass.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unsafe-no-fsync", "force-new-cluster"})
    void a_setting_that_is_on_fails_and_is_named_with_its_member(String name) {
        CheckResult result = judge(setting(name, "true"));

        assertThat(result.check()).isEqualTo("unsafe-settings");
        assertThat(result.verdict()).isInstanceOf(Verdict.Fail.class);
        assertThat(result.verdict().reasons()).singleElement().asString().contains("etcd-1", name + ": true");
    }

    @Test
    void members_with_the_same_setting_stand_in_one_sentence() {
        CheckResult result = judge(
                setting("unsafe-no-fsync", "true"),
                new Observation.Setting(Duration.ZERO, "cluster-1", "etcd-2", "unsafe-no-fsync", "true"));

        assertThat(result.verdict().reasons())
                .singleElement()
                .asString()
                .startsWith("etcd-1, etcd-2 run with unsafe-no-fsync: true.");
    }

    @Test
    void nothing_recorded_is_inconclusive() {
        assertThat(judge().verdict()).isInstanceOf(Verdict.Inconclusive.class);
    }

    private static Observation setting(String name, String value) {
        return new Observation.Setting(Duration.ZERO, "cluster-1", "etcd-1", name, value);
    }

    private static CheckResult judge(Observation... observations) {
        DrillPlan.Bound bound = new DrillPlan.Bound(Duration.ofSeconds(3), "stated");
        DrillPlan drill = new DrillPlan(
                "drill",
                "drill",
                "promise",
                "source",
                "recipe",
                List.of("etcd-1"),
                "3.6.16",
                "sandbox",
                List.of("unsafe-settings"),
                List.of("class"),
                new DrillPlan.Objectives(bound, bound),
                Optional.empty());
        return new UnsafeSettingsCheck()
                .judge(new AttemptEvidence(
                        drill,
                        new AttemptPlan("drill", 1, "class", 1, List.of(), 8),
                        List.of(),
                        List.of(),
                        List.of(observations),
                        Map.of(),
                        Optional.of(new AttemptEvidence.End(true, ""))));
    }
}
