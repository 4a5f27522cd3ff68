package dev.etcddrill.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A member's etcd process, wherever its runtime lets it run. Safe for use by several threads. */
public interface MemberProcess {
    /** Whether it runs; a paused process does. */
    boolean alive();

    /**
     * Whether it exists and halts ({@link Signal#STOP}), as its kernel says.
     *
     * @throws ClusterException where the kernel cannot be asked
     */
    boolean halted();

    /** How it ended, as a shell gives it (128 and the signal's number where a signal ended it); empty while it runs. */
    OptionalInt exitCode();

    /**
     * Waits for its end.
     *
     * @return whether it ended in this time
     */
    boolean awaitExit(Duration patience) throws InterruptedException;

    /**
     * Sends a signal; does nothing where the process has ended.
     *
     * @throws ClusterException where it cannot be sent
     */
    void send(Signal signal);

    /** Signals that faults use. */
    enum Signal {
        /** Ends it at once. */
        KILL,
        /** Asks it to end. */
        TERM,
        /** Halts it until {@link #CONT}; its kernel goes on taking data into its buffers. */
        STOP,
        /** Lets it go on. */
        CONT
    }

    /** A process that this JVM started. */
    static MemberProcess of(Process process) {
        return new MemberProcess() {
            @Override
            public boolean alive() {
                return process.isAlive();
            }

            @Override
            public boolean halted() {
                try {
                    // The third field; the second is a name in parentheses, which may hold anything.
                    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
                    return stat.startsWith("T", stat.lastIndexOf(')') + 2);
                } catch (IOException e) {
                    return false;
                }
            }

            @Override
            public OptionalInt exitCode() {
                return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
            }

            @Override
            public boolean awaitExit(Duration patience) throws InterruptedException {
                return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
            }

            @Override
            public void send(Signal signal) {
                switch (signal) {
                    case KILL -> process.destroyForcibly();
                    case TERM -> process.destroy();
                    case STOP, CONT -> kill(signal);
                }
            }

            private void kill(Signal signal) {
                if (!process.isAlive()) {
                    return;
                }
                try {
                    int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
                    if (status != 0 && process.isAlive()) {
                        throw new ClusterException("SIG" + signal + " could not be sent to process " + process.pid());
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException("the program kill cannot be started", e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ClusterException("interrupted while sending SIG" + signal, e);
                }
            }
        };
    }
}
