package dev.etcddrill.cluster.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.etcddrill.distribution.CommandOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxLauncherTest {
    @TempDir
    private Path directory;

    @Test
    void insideThereIsNoNetworkAndTheProgramIsInit() throws IOException {
        Path java = javaOf(ProcessHandle.current(), Path.of("/bin/sh"));

        CommandOutput output = CommandOutput.of(
                directory,
                Duration.ofSeconds(30),
                java.toString(),
                "-c",
                "echo pid $$ in $" + SandboxLauncher.MARKER + "; ip -o link | wc -l; ip route | wc -l");

        assertThat(output.exitCode()).isZero();
        assertThat(output.text().lines().map(String::strip))
                .containsExactly(
                        "pid 1 in "
                                + SandboxLauncher.probe()
                                        .mode()
                                        .orElseThrow()
                                        .name()
                                        .toLowerCase(Locale.ROOT),
                        "1",
                        "0");
    }

    @Test
    void theSandboxEndsWhenItsOwnerIsKilled() throws IOException, InterruptedException {
        Process owner = new ProcessBuilder("sleep", "600").start();
        try {
            Process sandbox = new ProcessBuilder(
                            javaOf(owner.toHandle(), Path.of("/bin/sh")).toString(), "-c", "echo in; sleep 600")
                    .start();
            try {
                assertThat(sandbox.inputReader().readLine()).isEqualTo("in");

                owner.destroyForcibly().waitFor();

                assertThat(sandbox.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } finally {
                sandbox.destroyForcibly();
            }
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void anOwnerThatEndedCountsAsGoneEvenWhereNobodyCollectedIt() throws IOException, InterruptedException {
        // The parent never waits for its child, so the child stays a zombie for as long as the parent lives.
        Process parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
        ProcessHandle owner = ProcessHandle.of(
                        Long.parseLong(parent.inputReader().readLine()))
                .orElseThrow();
        try {
            Process sandbox = new ProcessBuilder(
                            javaOf(owner, Path.of("/bin/sh")).toString(), "-c", "echo in; sleep 600")
                    .start();
            try {
                assertThat(sandbox.inputReader().readLine()).isEqualTo("in");

                owner.destroyForcibly();

                assertThat(sandbox.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } finally {
                sandbox.destroyForcibly();
            }
        } finally {
            owner.destroyForcibly();
            parent.destroyForcibly();
        }
    }

    @Test
    void aPathWithBlanksAndQuotesIsNoProblem() throws IOException {
        Path odd = Files.createDirectories(directory.resolve("it's a test"));
        Path shell = Files.createSymbolicLink(odd.resolve("sh"), Path.of("/bin/sh"));

        CommandOutput output = CommandOutput.of(
                directory,
                Duration.ofSeconds(30),
                javaOf(ProcessHandle.current(), shell).toString(),
                "-c",
                "echo fine");

        assertThat(output.lastLine()).isEqualTo("fine");
    }

    private Path javaOf(ProcessHandle owner, Path program) {
        SandboxLauncher.Probe probe = SandboxLauncher.probe();
        assumeTrue(probe.mode().isPresent(), "no sandbox here: " + probe.missing());
        return SandboxLauncher.forMode(probe.mode().get()).writeJava(directory, owner, program);
    }
}
