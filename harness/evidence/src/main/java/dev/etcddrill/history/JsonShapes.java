package dev.etcddrill.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * How the records look as JSON: an object with the record's own field names. Durations and instants are ISO-8601
 * strings, an absent value is {@code null}, and a value of a sealed type starts with the field {@code type} (a line of a
 * history with {@code event}). Reading is strict: no field may be missing, unknown or twice there.
 */
public final class JsonShapes {
    private static final JsonMapper MAPPER = configured(JsonMapper.builder())
            // A Java string need not be valid Unicode, and a lone surrogate has no form in UTF-8.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private JsonShapes() {}

    /** The mapper for the records of this package, one line a record. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** Puts the shapes on a mapper for another format or for more records. */
    public static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B configured(B builder) {
        return builder.addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .addMixIn(Request.class, RequestShape.class)
                .addMixIn(Response.class, ResponseShape.class)
                .addMixIn(Outcome.class, OutcomeShape.class)
                .addMixIn(Observation.class, ObservationShape.class)
                .addMixIn(HistoryEvent.class, HistoryEventShape.class)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Request.Put.class, name = "put"),
        @JsonSubTypes.Type(value = Request.Delete.class, name = "delete"),
        @JsonSubTypes.Type(value = Request.Get.class, name = "get"),
        @JsonSubTypes.Type(value = Request.OptimisticPut.class, name = "optimistic-put"),
        @JsonSubTypes.Type(value = Request.GetAt.class, name = "get-at"),
        @JsonSubTypes.Type(value = Request.Compact.class, name = "compact")
    })
    private interface RequestShape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Response.Put.class, name = "put"),
        @JsonSubTypes.Type(value = Response.Delete.class, name = "delete"),
        @JsonSubTypes.Type(value = Response.Get.class, name = "get"),
        @JsonSubTypes.Type(value = Response.OptimisticPut.class, name = "optimistic-put"),
        @JsonSubTypes.Type(value = Response.GetAt.class, name = "get-at"),
        @JsonSubTypes.Type(value = Response.Compact.class, name = "compact")
    })
    private interface ResponseShape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Outcome.Ok.class, name = "ok"),
        @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
        @JsonSubTypes.Type(value = Outcome.Unknown.class, name = "unknown")
    })
    private interface OutcomeShape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Observation.MemberStatus.class, name = "member-status"),
        @JsonSubTypes.Type(value = Observation.Formation.class, name = "formation"),
        @JsonSubTypes.Type(value = Observation.MemberExit.class, name = "member-exit"),
        @JsonSubTypes.Type(value = Observation.Recovery.class, name = "recovery"),
        @JsonSubTypes.Type(value = Observation.MemberState.class, name = "member-state"),
        @JsonSubTypes.Type(value = Observation.Backup.class, name = "backup"),
        @JsonSubTypes.Type(value = Observation.Restore.class, name = "restore"),
        @JsonSubTypes.Type(value = Observation.DamagedSnapshot.class, name = "damaged-snapshot"),
        @JsonSubTypes.Type(value = Observation.RestoredLease.class, name = "restored-lease"),
        @JsonSubTypes.Type(value = Observation.StartAfterDataLoss.class, name = "start-after-data-loss"),
        @JsonSubTypes.Type(value = Observation.OldWatch.class, name = "old-watch"),
        @JsonSubTypes.Type(value = Observation.HostStall.class, name = "host-stall"),
        @JsonSubTypes.Type(value = Observation.Setting.class, name = "setting"),
        @JsonSubTypes.Type(value = Observation.Mark.class, name = "mark")
    })
    private interface ObservationShape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = HistoryEvent.Invoked.class, name = "invoked"),
        @JsonSubTypes.Type(value = HistoryEvent.Returned.class, name = "returned"),
        @JsonSubTypes.Type(value = HistoryEvent.Closed.class, name = "closed")
    })
    private interface HistoryEventShape {}
}
