package dev.etcddrill.drill;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunHeader;
import dev.etcddrill.run.RunJudge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictMainTest {
    @TempDir
    private Path directory;

    private Path prepared;

    @BeforeEach
    void prepare() {
        prepared = directory.resolve("prepared.json");
        new PreparedRun(
                        7,
                        List.of(),
                        Set.of(),
                        1,
                        "sandbox",
                        "",
                        directory.resolve("runs"),
                        directory.resolve("work"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "mvn verify -Pchaos -Ddrill.seed=7")
                .write(prepared);
    }

    @Test
    void aBuildInWhichNoDrillRanFails() {
        assertThatThrownBy(() -> VerdictMain.requirePass(prepared)).hasMessageContaining("no drill was run");
    }

    @Test
    void theVerdictOfAnOlderRunCountsForNothing() throws IOException {
        run(Instant.now().minus(Duration.ofHours(1)));

        assertThatThrownBy(() -> VerdictMain.requirePass(prepared)).hasMessageContaining("is an older one");
    }

    @Test
    void aRunThatDidNotPassFailsTheBuildInItsOwnWords() throws IOException {
        RunDirectory run = run(Instant.now());
        RunJudge.withInstalledChecks().judge(run, false);

        assertThatThrownBy(() -> VerdictMain.requirePass(prepared))
                .isInstanceOf(PreparationException.class)
                .hasMessageStartingWith("INCONCLUSIVE")
                .hasMessageContaining("no drill was run");
    }

    private RunDirectory run(Instant started) throws IOException {
        return RunDirectory.create(
                directory.resolve("runs"),
                new RunHeader(started, 7, "mvn verify -Pchaos -Ddrill.seed=7", "sandbox", "", List.of(), List.of()));
    }
}
