package dev.etcddrill.report.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Header;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OutageTest {
    private static final Outcome OK = new Outcome.Ok(new Response.Put(new Header("c", "m", 1, 1)));
    private static final Outcome FAILED = new Outcome.Failed("refused");

    private final List<Operation> operations = new ArrayList<>();

    private void put(long invoked, long returned, Outcome outcome) {
        operations.add(new Operation(
                operations.size() + 1,
                0,
                "first",
                "etcd-1",
                new Request.Put("k", "v"),
                Duration.ofMillis(invoked),
                Optional.of(Duration.ofMillis(returned)),
                outcome));
    }

    private static Outage writes(long from, long to, boolean ended) {
        return new Outage(Traffic.WRITES, new Interval(Duration.ofMillis(from), Duration.ofMillis(to)), ended);
    }

    @Test
    void lastsFromTheLastSuccessToTheNextWhileSomethingIsInFlight() {
        put(0, 10, OK);
        put(5, 900, OK);

        assertThat(Outage.of(Traffic.WRITES, operations)).containsExactly(writes(10, 900, true));
    }

    @Test
    void doesNotCountTimeInWhichNobodyAsked() {
        put(0, 10, OK);
        put(5_000, 5_010, OK);
        put(9_000, 9_700, OK);

        assertThat(Outage.of(Traffic.WRITES, operations)).containsExactly(writes(9_000, 9_700, true));
    }

    @Test
    void goesOnOverFailuresToTheEndOfTheRecord() {
        put(0, 10, OK);
        put(20, 30, FAILED);
        put(800, 810, FAILED);

        assertThat(Outage.of(Traffic.WRITES, operations)).containsExactly(writes(20, 810, false));
    }

    @Test
    void beginsWithTheFirstRequestWhereNothingEverSucceeded() {
        put(100, 110, FAILED);
        put(600, 610, FAILED);

        assertThat(Outage.of(Traffic.WRITES, operations)).containsExactly(writes(100, 610, false));
    }

    @Test
    void isNotToldUpToTheShortestLength() {
        put(0, 10, OK);
        put(5, 260, OK);

        assertThat(Outage.of(Traffic.WRITES, operations)).isEmpty();
    }

    @Test
    void ofOtherTrafficIsNotSeen() {
        put(0, 900, OK);

        assertThat(Outage.of(Traffic.LINEARIZABLE_READS, operations)).isEmpty();
    }
}
