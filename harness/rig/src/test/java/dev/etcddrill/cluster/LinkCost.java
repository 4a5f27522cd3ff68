package dev.etcddrill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What links that can be hurt cost while nothing hurts them, by turns with clusters without them in one run. */
public final class LinkCost {
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 1_500;
    private static final int ONE_AFTER_THE_OTHER = 400;
    private static final int CLIENTS = 64;
    private static final int CONNECTIONS = 8;
    private static final int AT_ONCE = 6_000;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private LinkCost() {}

    /** Median latency of one client in microseconds, and puts a second of 64. */
    private record Cost(double latency, double throughput) {}

    /** Prints both and their ratios, and fails where a ratio is beyond its bound. */
    public static void compare(
            Supplier<EtcdCluster> withoutLinks,
            Supplier<EtcdCluster> withLinks,
            double highestLatencyRatio,
            double lowestThroughputRatio)
            throws Exception {
        List<Double> direct = new ArrayList<>();
        List<Double> proxied = new ArrayList<>();
        List<Double> directThroughput = new ArrayList<>();
        List<Double> proxiedThroughput = new ArrayList<>();
        // The first round loads classes and programs.
        for (int round = 0; round <= ROUNDS; round++) {
            Cost without = cost(withoutLinks);
            Cost with = cost(withLinks);
            if (round > 0) {
                direct.add(without.latency());
                proxied.add(with.latency());
                directThroughput.add(without.throughput());
                proxiedThroughput.add(with.throughput());
            }
        }
        double latency = median(proxied) / median(direct);
        double throughput = median(proxiedThroughput) / median(directThroughput);
        System.out.printf(
                Locale.ROOT,
                "put, 1 client, median us: direct %.0f of %s; links %.0f of %s; ratio %.2f%n",
                median(direct),
                rounded(direct),
                median(proxied),
                rounded(proxied),
                latency);
        System.out.printf(
                Locale.ROOT,
                "put, %d clients, a second: direct %.0f of %s; links %.0f of %s; ratio %.2f%n",
                CLIENTS,
                median(directThroughput),
                rounded(directThroughput),
                median(proxiedThroughput),
                rounded(proxiedThroughput),
                throughput);
        assertThat(latency).isLessThanOrEqualTo(highestLatencyRatio);
        assertThat(throughput).isGreaterThanOrEqualTo(lowestThroughputRatio);
    }

    private static Cost cost(Supplier<EtcdCluster> made) throws Exception {
        try (EtcdCluster cluster = made.get()) {
            cluster.start(PATIENCE);
            Member leader = cluster.member(cluster.leader().orElseThrow());
            List<MemberClient> connections = new ArrayList<>();
            try {
                for (int number = 0; number < CONNECTIONS; number++) {
                    connections.add(cluster.connect(leader));
                }
                atOnce(connections, WARM_UP);
                List<Double> micros = new ArrayList<>();
                for (int number = 0; number < ONE_AFTER_THE_OTHER; number++) {
                    long started = System.nanoTime();
                    put(connections.get(0), number);
                    micros.add((System.nanoTime() - started) / 1e3);
                }
                long started = System.nanoTime();
                atOnce(connections, AT_ONCE);
                return new Cost(median(micros), AT_ONCE / ((System.nanoTime() - started) / 1e9));
            } finally {
                connections.forEach(MemberClient::close);
            }
        }
    }

    private static void atOnce(List<MemberClient> connections, int puts) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> done = new ArrayList<>();
            for (int number = 0; number < CLIENTS; number++) {
                MemberClient client = connections.get(number % CONNECTIONS);
                done.add(threads.submit(() -> {
                    for (int key = next.getAndIncrement(); key < puts; key = next.getAndIncrement()) {
                        put(client, key);
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void put(MemberClient client, int number) {
        assertThat(client.send(new Request.Put("key-" + number, "x".repeat(256)), DEADLINE))
                .isInstanceOf(Outcome.Ok.class);
    }

    /** The one in the middle. */
    public static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static List<Long> rounded(List<Double> values) {
        return values.stream().map(Math::round).toList();
    }
}
