package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * A parameter of a fault type.
 *
 * @param name as in plans
 * @param kind what its value is
 * @param fallback the value where a plan gives none; empty where it must give one
 * @param meaning a sentence, with the unit
 */
public record FaultParameter(String name, Kind kind, Optional<Object> fallback, String meaning) {
    public FaultParameter {
        requireNonNull(name, "name");
        requireNonNull(kind, "kind");
        requireNonNull(fallback, "fallback");
        requireNonNull(meaning, "meaning");
        fallback.ifPresent(value -> {
            if (!kind.type.isInstance(value)) {
                throw new IllegalArgumentException(
                        "the fallback of " + name + " must be a " + kind.type.getSimpleName() + ", but is " + value);
            }
        });
    }

    /** A parameter that must be given. */
    public static FaultParameter required(String name, Kind kind, String meaning) {
        return new FaultParameter(name, kind, Optional.empty(), meaning);
    }

    /** A parameter that need not be given. */
    public static FaultParameter optional(String name, Kind kind, Object fallback, String meaning) {
        return new FaultParameter(name, kind, Optional.of(fallback), meaning);
    }

    /** What a value is. */
    public enum Kind {
        /** A time of zero or more, such as {@code 300ms}. */
        DURATION(Duration.class, "a time such as 300ms"),
        /** A whole number of zero or more. */
        COUNT(Long.class, "a whole number of 0 or more");

        private final Class<?> type;
        private final String words;

        Kind(Class<?> type, String words) {
            this.type = type;
            this.words = words;
        }

        /** Whether a value is one of this kind. */
        boolean takes(Object value) {
            return type.isInstance(value) && (value instanceof Duration time ? !time.isNegative() : (Long) value >= 0);
        }

        /** What is expected, for messages. */
        public String words() {
            return words;
        }
    }
}
