package dev.etcddrill.cluster.sandbox;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.ToxiproxyControl;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Toxiproxy process; closing it ends it with all its connections. */
final class ToxiproxyServer implements AutoCloseable {
    /** Toxiproxy's own default. */
    private static final int CONTROL_PORT = 8474;

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final Duration END_PATIENCE = Duration.ofSeconds(10);

    private final Process process;
    private final ToxiproxyControl control;

    private ToxiproxyServer(Process process, ToxiproxyControl control) {
        this.process = process;
        this.control = control;
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param enter command that the program is started through; it must replace itself by the program
     * @param address that its control interface listens on
     * @param log file that its output is appended to
     * @throws ClusterException where it does not start
     */
    static ToxiproxyServer start(List<String> enter, Path program, String address, Path log) {
        List<String> command = new ArrayList<>(enter);
        // It shares the processors with the cluster, and must not take one from a member for every few bytes.
        // As a batch process it takes what has gathered meanwhile (docs/performance.md, "Links").
        command.addAll(List.of("chrt", "--batch", "0"));
        command.addAll(List.of(program.toString(), "-host", address, "-port", Integer.toString(CONTROL_PORT)));
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(ToxiproxyControl.SERVER_ENVIRONMENT);
            Process process = builder.directory(new File("/"))
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            ToxiproxyServer server = new ToxiproxyServer(process, new ToxiproxyControl(address, CONTROL_PORT));
            try {
                server.control.awaitReady(START_PATIENCE);
            } catch (ClusterException e) {
                server.close();
                throw e;
            }
            return server;
        } catch (IOException e) {
            throw new ClusterException(program + " cannot be started: " + e.getMessage(), e);
        }
    }

    ToxiproxyControl control() {
        return control;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ClusterException("Toxiproxy at " + control + " is still there " + END_PATIENCE.toSeconds()
                        + " s after it was killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
