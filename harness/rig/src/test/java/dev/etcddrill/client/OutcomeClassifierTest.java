package dev.etcddrill.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeClassifierTest {
    private static final Request WRITE = new Request.Put("key", "value");
    private static final Request READ = new Request.Get("key", Request.Consistency.LINEARIZABLE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etcdserver: request timed out",
                "etcdserver: request timed out, possibly due to previous leader failure",
                "etcdserver: request timed out, possibly due to connection lost",
                "etcdserver: leader changed",
                "etcdserver: no leader",
                "etcdserver: mvcc: database space exceeded",
                "io exception",
                "Network closed for unknown reason"
            })
    void aWriteThatMayHaveHappenedIsUnknown(String description) {
        assertThat(OutcomeClassifier.classify(
                        WRITE, Status.UNAVAILABLE.withDescription(description).asRuntimeException()))
                .isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aWriteThatRanIntoItsDeadlineIsUnknown() {
        assertThat(OutcomeClassifier.classify(WRITE, Status.DEADLINE_EXCEEDED.asRuntimeException()))
                .isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aWriteOverAConnectionThatBrokeIsUnknown() {
        assertThat(OutcomeClassifier.classify(
                        WRITE,
                        Status.UNAVAILABLE
                                .withDescription("io exception")
                                .withCause(new IOException("Connection reset by peer"))
                                .asRuntimeException()))
                .isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aWriteWhoseConnectionWasRefusedDidNotHappen() {
        assertThat(OutcomeClassifier.classify(
                        WRITE,
                        Status.UNAVAILABLE
                                .withDescription("io exception")
                                .withCause(new IOException(new ConnectException("Connection refused")))
                                .asRuntimeException()))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.error()).contains("Connection refused"));
    }

    @Test
    void aWriteThatEtcdTurnedAwayBeforeRaftDidNotHappen() {
        assertThat(OutcomeClassifier.classify(
                        WRITE,
                        Status.RESOURCE_EXHAUSTED
                                .withDescription("etcdserver: too many requests")
                                .asRuntimeException()))
                .isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void theStateOfTheChannelIsLeftOutOfTheError() {
        StatusRuntimeException error = Status.DEADLINE_EXCEEDED
                .withDescription("CallOptions deadline exceeded after 0.998s. Name resolution delay 0.002 seconds."
                        + " [closed=[], open=[[was_still_waiting]]]")
                .asRuntimeException();

        assertThat(OutcomeClassifier.describe(error))
                .isEqualTo("DEADLINE_EXCEEDED: CallOptions deadline exceeded after 0.998s");
    }

    @Test
    void aReadThatGotNoAnswerChangedNothing() {
        assertThat(OutcomeClassifier.classify(READ, Status.DEADLINE_EXCEEDED.asRuntimeException()))
                .isInstanceOf(Outcome.Failed.class);
    }
}
