package dev.etcddrill.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.run.ExitStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RunCommandTest {
    private static final String ROOT = "etcddrill.root";

    @TempDir
    private Path root;

    private final StringWriter errors = new StringWriter();

    @BeforeEach
    void setRoot() {
        System.setProperty(ROOT, root.toString());
    }

    @AfterEach
    void clearRoot() {
        System.clearProperty(ROOT);
    }

    @Test
    void badInputEndsWithTwoAndNamesEveryMistake() throws IOException {
        int code = run("--seed", "seven", "--tries", "0", "--recipe", "nowhere.yaml");

        assertThat(code).isEqualTo(ExitStatus.BAD_INPUT.code());
        assertThat(errors.toString())
                .contains("--seed must be a whole number, but is seven")
                .contains("--tries must be at least 1, but is 0")
                .contains("nowhere.yaml")
                .doesNotContain("\tat ");
        try (Stream<Path> left = Files.walk(root)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsToldAndNothingStarts() {
        assertThat(run("--runs", "/proc/runs", "--drills", "leader-lost")).isEqualTo(ExitStatus.UNAVAILABLE.code());
        assertThat(errors.toString())
                .contains("expected to write to /proc/drill-work", "name another place in --runs")
                .doesNotContain("\tat ");
    }

    @Test
    void theHelpNamesWhatCanBeChosen() {
        String help = new CommandLine(new RunCommand()).getUsageMessage();

        assertThat(help.replaceAll("\\s+", " "))
                .contains("Fault types: bandwidth, blackhole,")
                .contains("There are");
    }

    @Test
    void messagesNameOptionsNotProperties() {
        assertThat(RunCommand.asOptions(
                        "drill.etcd.image is for Docker: give drill.runtime docker with it; etcd-drill.runs stay"))
                .isEqualTo("--etcd-image is for Docker: give --runtime docker with it; etcd-drill.runs stay");
    }

    @Test
    void anUnknownOptionEndsWithTwo() {
        assertThat(run("--sed", "7")).isEqualTo(ExitStatus.BAD_INPUT.code());
    }

    private int run(String... arguments) {
        return new CommandLine(new RunCommand())
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }
}
