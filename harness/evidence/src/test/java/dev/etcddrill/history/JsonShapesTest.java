package dev.etcddrill.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes are a format that other programs read: they change with a version only. */
class JsonShapesTest {
    @Test
    void an_invocation_has_its_documented_shape() throws JsonProcessingException {
        assertThat(json(new HistoryEvent.Invoked(
                        7,
                        Duration.ofMillis(1500),
                        3,
                        "first",
                        "etcd-1",
                        new Request.OptimisticPut("/registry/pods/a", 41, "v1"))))
                .isEqualTo("{\"event\":\"invoked\",\"id\":7,\"at\":\"PT1.5S\",\"process\":3,\"incarnation\":\"first\","
                        + "\"member\":\"etcd-1\",\"request\":{\"type\":\"optimistic-put\","
                        + "\"key\":\"/registry/pods/a\",\"expectedModRevision\":41,\"value\":\"v1\"}}");
    }

    @Test
    void a_return_has_its_documented_shape() throws JsonProcessingException {
        assertThat(json(new HistoryEvent.Returned(
                        7,
                        Duration.ofSeconds(61),
                        new Outcome.Ok(new Response.Get(new Header("cafe", "beef", 42, 2), Optional.empty())))))
                .isEqualTo("{\"event\":\"returned\",\"id\":7,\"at\":\"PT1M1S\",\"outcome\":{\"type\":\"ok\","
                        + "\"response\":{\"type\":\"get\",\"header\":{\"clusterId\":\"cafe\",\"memberId\":\"beef\","
                        + "\"revision\":42,\"term\":2},\"keyValue\":null}}}");
    }

    @Test
    void a_fault_has_its_documented_shape() throws JsonProcessingException {
        assertThat(JsonShapes.mapper()
                        .writeValueAsString(new FaultEvent(
                                Duration.ofMillis(20),
                                "leader-lost-1",
                                "kill",
                                FaultEvent.Phase.INJECTED,
                                List.of("etcd-2"),
                                "")))
                .isEqualTo("{\"at\":\"PT0.02S\",\"fault\":\"leader-lost-1\",\"kind\":\"kill\",\"phase\":\"INJECTED\","
                        + "\"members\":[\"etcd-2\"],\"links\":[],\"parameters\":{},\"detail\":\"\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"put\",\"key\":\"k\"}",
                "{\"type\":\"put\",\"key\":\"k\",\"value\":null}",
                "{\"type\":\"put\",\"key\":\"k\",\"value\":\"v\",\"lease\":1}",
                "{\"type\":\"put\",\"key\":\"k\",\"key\":\"l\",\"value\":\"v\"}",
                "{\"type\":\"put\",\"key\":1,\"value\":\"v\"}",
                "{\"type\":\"range\",\"key\":\"k\"}",
                "{\"key\":\"k\",\"value\":\"v\"}",
                "{\"type\":\"get\",\"key\":\"k\",\"consistency\":0}",
                "{\"type\":\"optimistic-put\",\"key\":\"k\",\"expectedModRevision\":1.5,\"value\":\"v\"}",
                "{\"type\":\"optimistic-put\",\"key\":\"k\",\"expectedModRevision\":\"1\",\"value\":\"v\"}",
                "{\"type\":\"delete\",\"key\":\"k\"} {\"type\":\"delete\",\"key\":\"k\"}"
            })
    void reading_is_strict(String json) {
        assertThatThrownBy(() -> JsonShapes.mapper().readValue(json, Request.class))
                .isInstanceOf(JsonProcessingException.class);
    }

    private static String json(HistoryEvent event) throws JsonProcessingException {
        return JsonShapes.mapper().writerFor(HistoryEvent.class).writeValueAsString(event);
    }
}
