package dev.etcddrill.cluster.docker;

import dev.etcddrill.cluster.ClusterException;
import java.io.File;
import java.io.IOException;
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
    private static final int LOOKS = 5;

    private DockerGuard() {}

    /** Starts one for this JVM, in a session of its own: an interrupt from the terminal is not for it. */
    static void start(DockerLabels labels, Path log) {
        try {
            new ProcessBuilder(List.of(
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
        } catch (IOException e) {
            throw new ClusterException(
                    "the process that guards the Docker daemon cannot be started: " + e.getMessage(), e);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        DockerLabels owner = new DockerLabels(
                arguments[2], Long.parseLong(arguments[0]), Instant.parse(arguments[1]), DockerLabels.thisMachine());
        // Connected before it is needed: what is needed then is quick.
        DockerLeftovers leftovers = DockerLeftovers.onThisDaemon();
        while (owner.ownerAlive()) {
            TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
        }
        for (int look = 1; look <= LOOKS; look++) {
            try {
                leftovers.removeRun(owner.run());
            } catch (RuntimeException e) {
                // Also where the daemon does not answer just now: it may in the next round.
                System.err.println(e.getMessage());
            }
            TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
        }
    }
}
