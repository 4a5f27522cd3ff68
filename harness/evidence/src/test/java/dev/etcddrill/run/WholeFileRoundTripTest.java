package dev.etcddrill.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.RecordArbitraries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** What is written as a whole file is read back as it was, whatever it is. */
class WholeFileRoundTripTest {
    private static final VersionedFile<RunVerdict> RUN_VERDICT = VersionedFile.json("test", 1, RunVerdict.class);
    private static final VersionedFile<Environment> ENVIRONMENT = VersionedFile.json("test", 1, Environment.class);
    private static final VersionedFile<AttemptDirectory.Plan> ATTEMPT_PLAN =
            VersionedFile.yaml("test", 1, AttemptDirectory.Plan.class);
    private static final VersionedFile<AttemptDirectory.Ending> ENDING =
            VersionedFile.json("test", 1, AttemptDirectory.Ending.class);

    private Path file;

    @BeforeTry
    void chooseFile() throws IOException {
        file = Files.createTempDirectory("run").resolve("file");
    }

    @AfterTry
    void removeFile() throws IOException {
        Files.deleteIfExists(file);
        // Fails where a temporary file is left behind.
        Files.delete(file.getParent());
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void run_verdicts(@ForAll("runVerdicts") RunVerdict verdict) throws IOException {
        RUN_VERDICT.write(file, verdict);
        assertThat(RUN_VERDICT.read(file)).isEqualTo(verdict);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void attempt_verdicts(@ForAll("attemptVerdicts") StoredAttemptVerdict verdict) throws IOException {
        StoredAttemptVerdict.FILE.write(file, verdict);
        assertThat(StoredAttemptVerdict.FILE.read(file)).isEqualTo(verdict);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void run_plans(@ForAll("runPlans") RunPlan plan) throws IOException {
        RunPlan.FILE.write(file, plan);
        assertThat(RunPlan.FILE.read(file)).isEqualTo(plan);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void attempt_plans_in_yaml(@ForAll("attemptPlans") AttemptDirectory.Plan plan) throws IOException {
        ATTEMPT_PLAN.write(file, plan);
        assertThat(ATTEMPT_PLAN.read(file)).isEqualTo(plan);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void environments(@ForAll("environments") Environment environment) throws IOException {
        ENVIRONMENT.write(file, environment);
        assertThat(ENVIRONMENT.read(file)).isEqualTo(environment);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void endings(@ForAll("endings") AttemptDirectory.Ending ending) throws IOException {
        ENDING.write(file, ending);
        assertThat(ENDING.read(file)).isEqualTo(ending);
    }

    @Provide
    Arbitrary<RunVerdict> runVerdicts() {
        return RecordArbitraries.of(RunVerdict.class);
    }

    @Provide
    Arbitrary<StoredAttemptVerdict> attemptVerdicts() {
        return RecordArbitraries.of(StoredAttemptVerdict.class);
    }

    @Provide
    Arbitrary<RunPlan> runPlans() {
        return RecordArbitraries.of(RunPlan.class);
    }

    @Provide
    Arbitrary<AttemptDirectory.Plan> attemptPlans() {
        // The YAML writer garbles a lone surrogate. Plans come from recipes and code, which are valid Unicode.
        return RecordArbitraries.of(AttemptDirectory.Plan.class)
                .filter(plan -> StandardCharsets.UTF_8.newEncoder().canEncode(plan.toString()));
    }

    @Provide
    Arbitrary<Environment> environments() {
        return RecordArbitraries.of(Environment.class);
    }

    @Provide
    Arbitrary<AttemptDirectory.Ending> endings() {
        return RecordArbitraries.of(AttemptDirectory.Ending.class);
    }
}
