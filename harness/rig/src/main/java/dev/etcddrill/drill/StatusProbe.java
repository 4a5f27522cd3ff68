package dev.etcddrill.drill;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.Observation;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks every member for its status a few times a second, each over a connection of its own. */
final class StatusProbe implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private final List<Thread> threads = new ArrayList<>();

    StatusProbe(EtcdCluster cluster, AttemptClock clock, Consumer<Observation> observations) {
        for (Member member : cluster.members()) {
            Thread thread = new Thread(() -> watch(cluster, member, clock, observations), "status-" + member.name());
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private static void watch(
            EtcdCluster cluster, Member member, AttemptClock clock, Consumer<Observation> observations) {
        try (MemberClient client = cluster.connect(member)) {
            while (true) {
                Observation.MemberStatus status = ask(cluster, client, member, clock);
                if (status.header().isEmpty()) {
                    client.resetBackoff();
                }
                observations.accept(status);
                TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Observation.MemberStatus ask(
            EtcdCluster cluster, MemberClient client, Member member, AttemptClock clock) {
        try {
            MemberClient.Status status = client.status(DEADLINE);
            return new Observation.MemberStatus(
                    clock.elapsed(),
                    cluster.incarnation(),
                    member.name(),
                    Optional.of(status.header()),
                    status.leaderId(),
                    Optional.of(status.version()),
                    status.databaseBytes(),
                    status.errors());
        } catch (StatusRuntimeException e) {
            return new Observation.MemberStatus(
                    clock.elapsed(),
                    cluster.incarnation(),
                    member.name(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    List.of(e.getStatus().getCode().toString()));
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(DEADLINE.multipliedBy(4).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
