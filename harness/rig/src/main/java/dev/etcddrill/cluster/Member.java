package dev.etcddrill.cluster;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.distribution.CommandOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One member of a cluster: its host and, while it runs, its etcd process. Safe for use by several threads.
 */
public final class Member {
    /** How long a process may take to be gone after SIGKILL; the kernel needs milliseconds. */
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

    /** Only how often a waiting thread looks up; the end of a process wakes it at once. */
    private static final Duration WATCH_INTERVAL = Duration.ofMinutes(1);

    private static final int LOG_TAIL_BYTES = 1 << 16;
    private static final Duration UNIT_COMMAND_TIMEOUT = Duration.ofMinutes(1);
    private static final int UNIT_LINES_TOLD = 8;

    /** How {@code etcd-data-guard.sh} ends where it keeps etcd from starting; a guard that is broken proves nothing. */
    private static final int REFUSED = 3;

    private final String name;
    private final String address;
    private final MemberHost host;
    private final Path log;
    private final ExitListener exits;
    private final ServiceUnit unit;

    /** Held from the unit's first command to the process: two starts at once would be two processes. */
    private final Object starting = new Object();

    private MemberProcess process;
    private Thread exitTeller;
    private boolean stopToComplete;
    private boolean dataInDoubt;
    private AtomicBoolean told = new AtomicBoolean();

    Member(String name, String address, MemberHost host, Path log, ExitListener exits, ServiceUnit unit) {
        this.name = requireNonNull(name, "name");
        this.address = requireNonNull(address, "address");
        this.host = requireNonNull(host, "host");
        this.log = requireNonNull(log, "log");
        this.exits = requireNonNull(exits, "exits");
        this.unit = requireNonNull(unit, "unit");
    }

    /** The recipe's name of the member. */
    public String name() {
        return name;
    }

    /** The recipe's address of the member. */
    public String address() {
        return address;
    }

    /** File that etcd's output is appended to. */
    public Path log() {
        return log;
    }

    /** The machine it lives on. */
    public MemberHost host() {
        return host;
    }

    /** Whether its process runs. */
    public synchronized boolean running() {
        return process != null && process.alive();
    }

    /**
     * Starts it as its unit does: the unit's commands before etcd, then etcd.
     *
     * @throws StartRefusedException where one of those commands refuses it: it ends with 3, as the data guard does
     * @throws ClusterException where one of them fails otherwise, or etcd cannot be started
     * @throws IllegalStateException where it runs already
     */
    public void start() {
        synchronized (starting) {
            if (running()) {
                throw new IllegalStateException("member " + name + " runs already");
            }
            completeStop();
            for (ServiceUnit.Command command : unit.before()) {
                CommandOutput output = host.run(UNIT_COMMAND_TIMEOUT, command.words());
                if (output.exitCode() != 0 && !command.mayFail()) {
                    afterStop();
                    String message = "member " + name + " is not started: " + String.join(" ", command.words())
                            + " ended with exit code " + output.exitCode() + ": "
                            + output.lastLines(UNIT_LINES_TOLD);
                    throw output.exitCode() == REFUSED
                            ? new StartRefusedException(message)
                            : new ClusterException(message);
                }
            }
            startProcess();
        }
    }

    private synchronized void startProcess() {
        try {
            MemberProcess started = host.startEtcd(log);
            AtomicBoolean toldToEnd = new AtomicBoolean();
            process = started;
            stopToComplete = true;
            told = toldToEnd;
            Thread watch = new Thread(() -> tellExit(started, toldToEnd), "exit-of-" + name);
            watch.setDaemon(true);
            watch.start();
            exitTeller = watch;
        } catch (IOException e) {
            throw new ClusterException("etcd cannot be started on member " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs what the unit runs after etcd ended, where that is still to be done. systemd does so at once; here it is done
     * before the next start and before anything touches the host's files, which nobody can tell apart.
     */
    public void completeStop() {
        synchronized (starting) {
            synchronized (this) {
                if (!stopToComplete || process.alive()) {
                    return;
                }
                stopToComplete = false;
            }
            afterStop();
        }
    }

    private void afterStop() {
        // systemd goes on whatever becomes of them.
        unit.after().forEach(command -> host.run(UNIT_COMMAND_TIMEOUT, command.words()));
    }

    /** Whether its data was destroyed or replaced since it last belonged to the cluster. */
    synchronized boolean dataInDoubt() {
        return dataInDoubt;
    }

    synchronized void dataInDoubt(boolean doubt) {
        dataInDoubt = doubt;
    }

    /**
     * Ends its process and takes from its disk what was not synced. The host went down with it: nothing that the unit
     * would run afterwards was run.
     *
     * @throws ClusterException where the disk cannot be cut off
     */
    public void losePower() {
        kill();
        synchronized (this) {
            stopToComplete = false;
        }
        try {
            host.loseUnsyncedData();
        } catch (IOException e) {
            throw new ClusterException("the disk of member " + name + " cannot be cut off: " + e.getMessage(), e);
        }
    }

    /** The flag is this process's own: the member may have been started again before its end is told. */
    private void tellExit(MemberProcess ending, AtomicBoolean toldToEnd) {
        try {
            while (!ending.awaitExit(WATCH_INTERVAL)) {
                // Until it ends.
            }
            exits.exited(name, toldToEnd.get(), ending.exitCode().orElseThrow());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends SIGKILL and waits until the process is gone; does nothing where it does not run. */
    public void kill() {
        end(MemberProcess.Signal.KILL);
        awaitExit(KILL_TIMEOUT);
    }

    /** Sends SIGTERM, on which etcd hands over leadership and ends; does not wait. */
    public void terminate() {
        end(MemberProcess.Signal.TERM);
    }

    /**
     * Halts its process until {@link #resume()}.
     *
     * @throws ClusterException where that cannot be done
     */
    public synchronized void pause() {
        if (process != null) {
            process.send(MemberProcess.Signal.STOP);
        }
    }

    /** Whether its process exists and halts. */
    public synchronized boolean halted() {
        return process != null && process.halted();
    }

    /** Lets a halted process go on. */
    public synchronized void resume() {
        if (process != null) {
            process.send(MemberProcess.Signal.CONT);
        }
    }

    private synchronized void end(MemberProcess.Signal signal) {
        if (process == null) {
            return;
        }
        told.set(true);
        process.send(signal);
    }

    /**
     * Waits for the process to be gone.
     *
     * @throws ClusterException where it is still there after the time
     */
    public void awaitExit(Duration timeout) {
        MemberProcess ending;
        synchronized (this) {
            ending = process;
        }
        if (ending == null) {
            return;
        }
        try {
            if (!ending.awaitExit(timeout)) {
                throw new ClusterException(
                        "member " + name + " is still running " + timeout.toSeconds() + " s after it was told to end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while waiting for member " + name + " to end", e);
        }
    }

    /** Waits until the end of a process that is gone was told to the listener; returns at once where it runs. */
    public void awaitExitTold() throws InterruptedException {
        Thread teller;
        synchronized (this) {
            if (exitTeller == null || process.alive()) {
                return;
            }
            teller = exitTeller;
        }
        teller.join();
    }

    /** Runs one of the deployment's scripts on its host. */
    public CommandOutput run(Duration timeout, String... command) {
        return host.run(timeout, List.of(command));
    }

    /** The exit code of a process that is gone; empty while it runs. */
    public synchronized Optional<Integer> exitCode() {
        if (process == null || process.exitCode().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(process.exitCode().getAsInt());
    }

    /** The last lines of its log. */
    public String lastLogLines(int count) {
        try {
            long size = Files.exists(log) ? Files.size(log) : 0;
            if (size == 0) {
                return "(its log is empty)";
            }
            byte[] tail;
            try (var channel = Files.newByteChannel(log)) {
                channel.position(Math.max(0, size - LOG_TAIL_BYTES));
                var buffer = java.nio.ByteBuffer.allocate((int) Math.min(size, LOG_TAIL_BYTES));
                while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                    // Until the tail is read or the file ends.
                }
                tail = java.util.Arrays.copyOf(buffer.array(), buffer.position());
            }
            List<String> lines =
                    new String(tail, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException e) {
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
    }

    /** Is told when a member's process ended. */
    @FunctionalInterface
    public interface ExitListener {
        /**
         * Takes the news.
         *
         * @param expected whether the drill ended it
         * @param exitCode as the shell gives it
         */
        void exited(String member, boolean expected, int exitCode);
    }
}
