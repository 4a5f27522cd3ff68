package dev.etcddrill.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a short-lived command printed, and how it ended.
 *
 * @param exitCode of the process; 124 where it was ended after its time
 * @param text standard output and standard error, as they came
 */
public record CommandOutput(int exitCode, String text) {
    private static final int ENDED_AFTER_TIMEOUT = 124;

    /** Where ip, chroot and losetup are; an ordinary user's PATH often lacks it. Only what a command itself runs is found. */
    private static final String SYSTEM_PROGRAMS = "/usr/local/sbin:/usr/sbin:/sbin";

    /**
     * Runs a command to its end. Its output goes through a file, so that a child of the command that lives on cannot
     * hold a pipe open.
     *
     * @throws UncheckedIOException where it cannot be started
     */
    public static CommandOutput of(Path workingDirectory, Duration timeout, String... command) {
        return of(workingDirectory, timeout, List.of(command));
    }

    /** As {@link #of(Path, Duration, String...)}. */
    public static CommandOutput of(Path workingDirectory, Duration timeout, List<String> command) {
        try {
            Path output = Files.createTempFile("etcd-drill-", ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(workingDirectory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
                builder.environment().merge("PATH", SYSTEM_PROGRAMS, (path, more) -> path + ":" + more);
                Process process = builder.start();
                boolean ended;
                try {
                    ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    ended = false;
                }
                if (!ended) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
                String text = Files.readString(output, StandardCharsets.UTF_8);
                return ended
                        ? new CommandOutput(process.exitValue(), text)
                        : new CommandOutput(
                                ENDED_AFTER_TIMEOUT,
                                text + "\nended after " + timeout.toSeconds() + " s: " + command.get(0));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.get(0), e);
        }
    }

    /** The last line that is not blank, or a placeholder where there is none. */
    public String lastLine() {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .orElse("no output");
    }

    /** The last lines, for a message. */
    public String lastLines(int count) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
}
