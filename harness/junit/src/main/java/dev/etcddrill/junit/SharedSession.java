package dev.etcddrill.junit;

import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.RuntimeKind;
import dev.etcddrill.drill.DrillCatalogue;
import dev.etcddrill.drill.DrillConsole;
import dev.etcddrill.drill.DrillSession;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.drill.Runtimes;
import dev.etcddrill.run.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The one run of this JVM: opened by the first drill, closed by whichever comes first, the end of the tests or an
 * interrupt.
 */
final class SharedSession {
    /** An interrupted run must be gone within five seconds; judging and the report get most of them. */
    private static final Duration GRACE_AFTER_INTERRUPT = Duration.ofMillis(3500);

    private static Optional<Open> current = Optional.empty();

    private SharedSession() {}

    /**
     * The run; opens it where it is not open.
     *
     * @throws IllegalStateException where this JVM was not prepared
     */
    static synchronized DrillSession get() {
        if (current.isEmpty()) {
            String prepared = System.getProperty(PreparedRun.PROPERTY);
            if (prepared == null) {
                throw new IllegalStateException(
                        "the property " + PreparedRun.PROPERTY + " is not set: start drills with"
                                + " mvn verify -Pchaos or etcd-drill run, which prepare the run before this JVM starts");
            }
            PreparedRun run = PreparedRun.read(Path.of(prepared));
            ClusterRuntime runtime = Runtimes.all()
                    .named(run.runtime())
                    .enter(new RuntimeKind.Site(
                            run.work(),
                            run.toxiproxy(),
                            run.etcdImage(),
                            line -> System.out.println("etcd-drill: " + line)));
            DrillSession session = DrillSession.open(
                    run,
                    runtime,
                    DrillCatalogue.installed(),
                    new DrillConsole(System.out, terminal()),
                    Clock.systemUTC());
            current = Optional.of(new Open(session, runtime));
            Runtime.getRuntime().addShutdownHook(new Thread(SharedSession::closeInTime, "close-interrupted-run"));
        }
        return current.get().session();
    }

    /** Closes the run, where one was opened. */
    static void close() {
        Optional<Open> open;
        synchronized (SharedSession.class) {
            open = current;
        }
        open.ifPresent(running -> {
            try {
                running.session().close();
            } finally {
                removeFiles(running.runtime());
            }
        });
    }

    /** Files that stay say nothing of the verdict, which is written already. */
    private static void removeFiles(ClusterRuntime runtime) {
        try {
            runtime.close();
        } catch (UncheckedIOException e) {
            System.err.println("etcd-drill: " + e.getMessage() + ": " + e.getCause());
        }
    }

    /** Whether standard output is a terminal, where a line can be updated in place. */
    private static boolean terminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().matches("/dev/(pts/.*|tty.*|console)");
        } catch (IOException e) {
            return false;
        }
    }

    /** The exit status that the closed run deserves; INCONCLUSIVE where none was opened. */
    static synchronized ExitStatus status() {
        return current.flatMap(open -> open.session().verdict())
                .map(verdict -> ExitStatus.of(verdict.verdict()))
                .orElse(ExitStatus.INCONCLUSIVE);
    }

    private static void closeInTime() {
        Thread closing = new Thread(SharedSession::close, "closing");
        closing.setDaemon(true);
        closing.start();
        try {
            TimeUnit.NANOSECONDS.timedJoin(closing, GRACE_AFTER_INTERRUPT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Open(DrillSession session, ClusterRuntime runtime) {}
}
