package dev.etcddrill.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;

class InstalledChecksTest {
    private final Collection<Check> checks = Checks.installed().values();

    @Test
    void all_checks_are_found_by_service_loader() {
        assertThat(checks)
                .extracting(Check::id)
                .containsExactlyInAnyOrder(
                        "formation",
                        "backup",
                        "compaction",
                        "cuts",
                        "latency",
                        "durability",
                        "revision-witness",
                        "identity",
                        "divergence",
                        "recovery",
                        "server-log",
                        "unsafe-settings",
                        "evidence",
                        "quorum-tolerance",
                        "leader-loss",
                        "restore",
                        "power-loss",
                        "data-loss");
    }

    @Test
    void every_check_names_its_guarantee_and_source() {
        assertThat(checks).allSatisfy(check -> {
            assertThat(check.guarantee().sentence()).endsWith(".");
            assertThat(check.guarantee().source()).isNotBlank();
        });
    }

    /** Vacuity: whoever judged nothing says so. */
    @Test
    void no_check_passes_on_an_empty_attempt() {
        AttemptEvidence empty = new RecordedAttempt().evidence();

        assertThat(checks).allSatisfy(check -> {
            CheckResult result = check.judge(empty);
            assertThat(result.check()).isEqualTo(check.id());
            assertThat(result.verdict()).as(check.id()).isInstanceOf(Verdict.Inconclusive.class);
        });
    }
}
