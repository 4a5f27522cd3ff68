package dev.etcddrill.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Header;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperationCounterTest {
    private static final Header HEADER = new Header("c", "m", 5, 2);

    @Test
    void countsPerMemberOnlyWhatWasInvokedAfterwards() {
        OperationCounter counter = new OperationCounter(Duration.ofSeconds(10));

        counter.add(put(Duration.ofSeconds(9), new Outcome.Ok(new Response.Put(HEADER))));
        counter.add(put(Duration.ofSeconds(11), new Outcome.Ok(new Response.Put(HEADER))));
        counter.add(put(Duration.ofSeconds(12), new Outcome.Unknown("deadline")));

        assertThat(counter.of("etcd-1")).isEqualTo(new OperationCounter.Counts(1, 0, 1, 0, 0, 0));
        assertThat(counter.of("etcd-2")).isEqualTo(new OperationCounter.Counts(0, 0, 0, 0, 0, 0));
    }

    @Test
    void waitingEndsWithThePatience() throws InterruptedException {
        OperationCounter counter = new OperationCounter(Duration.ZERO);

        assertThat(counter.await(counts -> counts.of("etcd-1").acknowledgedWrites() > 0, Duration.ofMillis(20)))
                .isFalse();
    }

    @Test
    void everyMemberGetsEquallyManyClients() {
        assertThat(Workload.evenClients(3, 8)).isEqualTo(9);
        assertThat(Workload.evenClients(5, 8)).isEqualTo(10);
        assertThat(Workload.evenClients(4, 8)).isEqualTo(8);
    }

    private static Operation put(Duration invoked, Outcome outcome) {
        return new Operation(
                1,
                1,
                "cluster-1",
                "etcd-1",
                new Request.Put("key", "value"),
                invoked,
                Optional.of(invoked.plusMillis(5)),
                outcome);
    }
}
