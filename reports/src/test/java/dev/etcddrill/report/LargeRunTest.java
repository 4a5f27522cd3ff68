package dev.etcddrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bound of the specification {@code report.md}: 100,000 operations in less than 5 MB. */
final class LargeRunTest {
    private static final long MOST_BYTES = 5_000_000;

    @TempDir
    Path runs;

    @Test
    void fiftyAttemptsWithAHundredThousandOperationsStayUnderFiveMegabytes() throws IOException {
        Page page = writeAndMeasure(50, Duration.ofSeconds(20), 170);

        assertThat(page.elements("details").stream()
                        .filter(details -> details.getAttribute("class").equals("attempt")))
                .hasSize(50);
    }

    @Test
    void oneAttemptWithAHundredThousandOperationsStaysUnderFiveMegabytes() throws IOException {
        writeAndMeasure(1, Duration.ofSeconds(150), 1200);
    }

    private Page writeAndMeasure(int number, Duration length, int operationsPerSecond) throws IOException {
        DrillPlan plan = SyntheticRun.plan("leader lost", 3, List.of());
        List<AttemptEvidence> attempts = new ArrayList<>();
        List<List<CheckResult>> results = new ArrayList<>();
        long operations = 0;
        for (int attempt = 1; attempt <= number; attempt++) {
            AttemptEvidence evidence = new SyntheticAttempt(
                            plan, SyntheticRun.attempt(plan, attempt, "leader killed"), length, operationsPerSecond)
                    .kill("kill", 4, 7, 1)
                    .kill("kill", 12, 14, 1)
                    .record();
            operations += evidence.operations().size();
            attempts.add(evidence);
            results.add(List.of(SyntheticRun.lostWrite(evidence, 3.9)));
        }
        assertThat(operations).isGreaterThan(100_000);
        SyntheticRun sample = new SyntheticRun().drill(plan, attempts, results);
        RunDirectory run = sample.write(runs);

        Path report = new HtmlReport().write(run, sample.verdict());

        assertThat(Files.size(report)).isLessThan(MOST_BYTES);
        return Page.parse(Files.readString(report));
    }
}
