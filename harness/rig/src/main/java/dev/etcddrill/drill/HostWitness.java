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
 * Watches the host: a thread that sleeps for ten milliseconds and reports when it woke up much too late, because then
 * whatever was measured meanwhile may be the host's fault and not the cluster's.
 */
final class HostWitness implements AutoCloseable {
    private static final Duration NAP = Duration.ofMillis(10);

    /** A tenth of the usual election timeout: shorter stalls cannot be mistaken for a cluster's slowness. */
    private static final Duration WORTH_TELLING = Duration.ofMillis(100);

    private static final int SYNCS = 60;
    /** In the line {@code cpu} of {@code /proc/stat} (proc(5)), counted from the name. */
    private static final int STEAL_FIELD = 8;

    private static final int WRITE_BYTES = 2048;

    private final Thread thread;

    HostWitness(AttemptClock clock, Consumer<Observation> observations) {
        thread = new Thread(
                () -> {
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
                },
                "host-witness");
        thread.setDaemon(true);
        thread.start();
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
        thread.interrupt();
    }
}
