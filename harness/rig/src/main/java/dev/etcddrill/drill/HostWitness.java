package dev.etcddrill.drill;

import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.Observation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Watches the host: a thread that sleeps for ten milliseconds and reports when it woke up much too late, and one that
 * writes a few bytes to the members' disk and reports when that took much too long. Whatever was measured meanwhile may be
 * the host's fault and not the cluster's.
 */
final class HostWitness implements AutoCloseable {
    private static final Duration NAP = Duration.ofMillis(10);

    /** A tenth of the usual election timeout: shorter stalls cannot be mistaken for a cluster's slowness. */
    private static final Duration WORTH_TELLING = Duration.ofMillis(100);

    private static final int SYNCS = 60;
    /** In the line {@code cpu} of {@code /proc/stat} (proc(5)), counted from the name. */
    private static final int STEAL_FIELD = 8;

    private static final int WRITE_BYTES = 2048;

    /** Slower than any disk that etcd's hardware guide allows for, by far: then it is the disk that is judged. */
    private static final Duration SLOW_SYNC = Duration.ofMillis(500);

    private static final Duration BETWEEN_SYNCS = Duration.ofMillis(250);

    private final AttemptClock clock;
    private final Consumer<Observation> observations;
    private final Path directory;
    private final List<Thread> threads;

    /**
     * Starts watching.
     *
     * @param directory on the disk that members' files are on
     */
    HostWitness(AttemptClock clock, Consumer<Observation> observations, Path directory) {
        this.clock = clock;
        this.observations = observations;
        this.directory = directory;
        this.threads =
                List.of(new Thread(this::watchProcessor, "host-witness"), new Thread(this::watchDisk, "disk-witness"));
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    private void watchProcessor() {
        try {
            while (true) {
                Duration before = clock.elapsed();
                TimeUnit.NANOSECONDS.sleep(NAP.toNanos());
                Duration now = clock.elapsed();
                Duration late = now.minus(before).minus(NAP);
                if (late.compareTo(WORTH_TELLING) >= 0) {
                    observations.accept(new Observation.HostStall(now, late));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Every member's write waits for this disk; one that it shares with somebody else can stall for seconds. */
    private void watchDisk() {
        try {
            Path file = Files.createTempFile(directory, "disk-witness-", ".probe");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                while (true) {
                    TimeUnit.NANOSECONDS.sleep(BETWEEN_SYNCS.toNanos());
                    Duration before = clock.elapsed();
                    channel.write(ByteBuffer.allocate(WRITE_BYTES), 0);
                    channel.force(false);
                    Duration took = clock.elapsed().minus(before);
                    if (took.compareTo(SLOW_SYNC) >= 0) {
                        observations.accept(new Observation.HostStall(clock.elapsed(), took));
                    }
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // Closed, or there is no such disk: then nothing can be told of it, and no bound is excused for it.
        }
    }

    /** 99th percentile of a small write with a sync of its data, in a directory; empty where it cannot be measured. */
    static Optional<Duration> idleFsync(Path directory) {
        try {
            Path file = Files.createTempFile(directory, "fsync-", ".probe");
            long[] times = new long[SYNCS];
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                for (int sync = 0; sync < SYNCS; sync++) {
                    long before = System.nanoTime();
                    channel.write(ByteBuffer.allocate(WRITE_BYTES));
                    channel.force(false);
                    times[sync] = System.nanoTime() - before;
                }
            } finally {
                Files.delete(file);
            }
            Arrays.sort(times);
            return Optional.of(Duration.ofNanos(times[(SYNCS * 99 - 1) / 100]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Processor time that the hypervisor gave to others since boot, in ticks; 0 where the kernel does not say. */
    static long stolenTicks() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            List<String> fields = Pattern.compile("\\s+")
                    .splitAsStream(lines.findFirst().orElse(""))
                    .toList();
            return fields.size() > STEAL_FIELD ? Long.parseLong(fields.get(STEAL_FIELD)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
