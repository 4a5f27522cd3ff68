package dev.etcddrill.drill;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.recipe.MemberRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes every member's metrics every few seconds, and keeps them in the text form of Prometheus with a time at each sample,
 * so that what a member told last before it crashed stays. It asks on the member's own host, where no fault of links comes
 * in between.
 */
final class MetricsProbe implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Of a server that halts; shorter than {@link #TIMEOUT}, so that it ends by itself. */
    private static final String SECONDS_FOR_AN_ANSWER = "2";

    private static final String GET =
            "exec 3<>\"/dev/tcp/$0/$1\" && printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";

    private final Map<Member, Path> files = new LinkedHashMap<>();
    private final InstantSource clock;
    private final Thread thread;

    /**
     * @param files where each member's metrics go; they are appended
     */
    MetricsProbe(EtcdCluster cluster, InstantSource clock, Function<Member, Path> files) {
        cluster.members().forEach(member -> this.files.put(member, files.apply(member)));
        this.clock = clock;
        this.thread = new Thread(this::watch, "metrics-of-" + cluster.incarnation());
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (true) {
                for (Map.Entry<Member, Path> file : files.entrySet()) {
                    take(file.getKey(), file.getValue());
                    if (Thread.interrupted()) {
                        return;
                    }
                }
                TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Member member, Path file) {
        if (!member.running()) {
            return;
        }
        Instant at = clock.instant();
        CommandOutput answer;
        try {
            answer = member.run(
                    TIMEOUT,
                    "timeout",
                    SECONDS_FOR_AN_ANSWER,
                    "bash",
                    "-c",
                    GET,
                    member.address(),
                    Integer.toString(MemberRecipe.METRICS_PORT));
        } catch (ClusterException e) {
            return;
        }
        if (answer.exitCode() != 0) {
            // It is ending, starting, or halts; the next answer will tell.
            return;
        }
        try {
            Files.writeString(
                    file,
                    samples(answer.text(), at),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("the metrics of " + member.name() + " cannot be recorded", e);
        }
    }

    /**
     * etcd's own metrics and those of its process, each with the time in milliseconds; without buckets, which are most of
     * the text.
     */
    static String samples(String answer, Instant at) {
        return answer.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("etcd_") || line.startsWith("process_"))
                .filter(line -> !line.contains("_bucket{"))
                .map(line -> line + " " + at.toEpochMilli() + "\n")
                .collect(Collectors.joining());
    }

    /** Takes them once more from every member that runs. */
    void takeLast() {
        close();
        files.forEach(this::take);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TIMEOUT.multipliedBy(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
