package dev.etcddrill.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Copies what members log during an attempt into the attempt's directory while it is written, so that it is there even
 * if this JVM is killed. A cluster may serve several attempts; each gets its own part.
 */
final class LogFollower {
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final List<Followed> logs = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    LogFollower() {
        // Not ended by an interrupt: that would close the files in the middle of a copy.
        Thread thread = new Thread(this::copyUntilClosed, "log-follower");
        thread.setDaemon(true);
        thread.start();
    }

    private void copyUntilClosed() {
        try {
            while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                copyNew();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Follows a log from a place in it, in bytes: a cluster may serve several attempts, and no line may be lost. */
    synchronized void follow(Path source, Path target, long from) throws IOException {
        if (!Files.exists(target)) {
            // A member that says nothing in an attempt has an empty log there, which is not the same as none.
            Files.createFile(target);
        }
        logs.add(new Followed(source, target, from));
    }

    private synchronized void copyNew() {
        for (Followed log : logs) {
            log.copyNew();
        }
    }

    /** Ends the copying; gives the place that was reached in each log. */
    synchronized Map<Path, Long> closeAndTell() {
        closed.countDown();
        copyNew();
        return logs.stream().collect(Collectors.toMap(log -> log.source, log -> log.position, Math::max));
    }

    private static final class Followed {
        private final Path source;
        private final Path target;
        private long position;

        private Followed(Path source, Path target, long position) {
            this.source = source;
            this.target = target;
            this.position = position;
        }

        private void copyNew() {
            try {
                if (!Files.exists(source) || Files.size(source) <= position) {
                    return;
                }
                try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
                        FileChannel to =
                                FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    to.position(to.size());
                    position += from.transferTo(position, from.size() - position, to);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the log " + source + " cannot be copied to " + target, e);
            }
        }
    }
}
