package dev.etcddrill.cluster.docker;

import dev.etcddrill.cluster.ClusterException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own that outlives the drilling JVM by a moment: when that is gone, however it ended, it removes what
 * the run left on the Docker daemon, and ends. Arguments: process id, its start, the run.
 */
public final class DockerGuard {
    private static final Duration PERIOD = Duration.ofMillis(500);

    /** A container that is just being made may appear after the first look. */
    private static final int CLEAN_LOOKS = 5;

    /** For a daemon that does not answer meanwhile. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int LOG_LINES = 3;

    private final Process process;
    private final Path log;

    private DockerGuard(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts one for this JVM, in a session of its own: an interrupt from the terminal is not for it. */
    static DockerGuard start(DockerLabels labels, Path log) {
        try {
            Process process = new ProcessBuilder(List.of(
                            "setsid",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            DockerGuard.class.getName(),
                            Long.toString(labels.process()),
                            labels.started().toString(),
                            labels.run()))
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new DockerGuard(process, log);
        } catch (IOException e) {
            throw new ClusterException(
                    "the process that guards the Docker daemon cannot be started: " + e.getMessage(), e);
        }
    }

    /**
     * Nothing is made on the daemon that nobody would remove.
     *
     * @throws ClusterException where it has ended
     */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new ClusterException("the process that guards the Docker daemon has ended with "
                    + process.exitValue() + ", so nothing is started that it would have to remove; start the run again."
                    + " Its last words: " + lastWords());
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "none can be read from " + log;
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        DockerLabels owner = new DockerLabels(
                arguments[2], Long.parseLong(arguments[0]), Instant.parse(arguments[1]), DockerLabels.thisMachine());
        // Connected before it is needed: what is needed then is quick. Without a daemon it ends here, and the run is
        // told.
        DockerLeftovers leftovers = DockerLeftovers.onThisDaemon();
        while (owner.ownerAlive()) {
            TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int clean = 0; clean < CLEAN_LOOKS && System.nanoTime() < end; clean++) {
            try {
                if (!leftovers.removeRun(owner.run())) {
                    clean = -1;
                }
            } catch (RuntimeException e) {
                // Where the daemon does not answer just now, it may later.
                System.err.println(e.getMessage());
                clean = -1;
            }
            TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
        }
    }
}
