package dev.etcddrill.history;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Arbitrary values of any record, from its components' types: a field that is added later is covered without a word
 * here. Values that the record refuses are left out.
 */
public final class RecordArbitraries {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private RecordArbitraries() {}

    /** Arbitrary values of a record or a sealed type. */
    public static <T> Arbitrary<T> of(Class<T> type) {
        return ofType(type).map(type::cast);
    }

    /** Operations with answers that fit. */
    public static Arbitrary<Operation> operations() {
        Arbitrary<Duration> times =
                Arbitraries.longs().between(0, 1000 * NANOS_PER_SECOND).map(Duration::ofNanos);
        return Combinators.combine(
                        of(HistoryEvent.Invoked.class),
                        times,
                        times,
                        Arbitraries.integers().between(0, 2))
                .flatAs((invoked, from, took, kind) -> outcomes(invoked.request(), kind)
                        .map(outcome -> new Operation(
                                invoked.id(),
                                invoked.process(),
                                invoked.incarnation(),
                                invoked.member(),
                                invoked.request(),
                                from,
                                Optional.of(from.plus(took)),
                                outcome)));
    }

    /** Outcomes that a request can have. */
    public static Arbitrary<Outcome> outcomes(Request request) {
        return Arbitraries.integers().between(0, 2).flatMap(kind -> outcomes(request, kind));
    }

    private static Arbitrary<Outcome> outcomes(Request request, int kind) {
        if (kind == 0) {
            return of(Outcome.Failed.class).map(failed -> failed);
        } else if (kind == 1) {
            return of(Outcome.Unknown.class).map(unknown -> unknown);
        }
        return responses(request).map(Outcome.Ok::new);
    }

    private static Arbitrary<? extends Response> responses(Request request) {
        if (request instanceof Request.Put) {
            return of(Response.Put.class);
        } else if (request instanceof Request.Delete) {
            return of(Response.Delete.class);
        } else if (request instanceof Request.Get) {
            return of(Response.Get.class);
        } else if (request instanceof Request.GetAt) {
            return of(Response.GetAt.class);
        } else if (request instanceof Request.Compact) {
            return of(Response.Compact.class);
        }
        return of(Response.OptimisticPut.class);
    }

    private static Arbitrary<?> ofType(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            if (parameterized.getRawType().equals(Optional.class)) {
                return ofType(arguments[0]).optional();
            } else if (parameterized.getRawType().equals(List.class)) {
                return ofType(arguments[0]).list().ofMaxSize(3);
            } else if (parameterized.getRawType().equals(Map.class)) {
                // Keys are names of members, classes and facts. Jackson cannot read a lone surrogate in a field's name.
                return Arbitraries.maps(
                                Arbitraries.strings()
                                        .withCharRange((char) 0, '\ud7ff')
                                        .ofMaxLength(8),
                                ofType(arguments[1]))
                        .ofMaxSize(3);
            }
        } else if (type.equals(String.class)) {
            // All of them: lone surrogates, control characters, quotes.
            return Arbitraries.strings().all().ofMaxLength(8);
        } else if (type.equals(long.class) || type.equals(Long.class)) {
            return Arbitraries.longs();
        } else if (type.equals(int.class) || type.equals(Integer.class)) {
            return Arbitraries.integers();
        } else if (type.equals(boolean.class)) {
            return Arbitraries.of(true, false);
        } else if (type.equals(OptionalInt.class)) {
            return Arbitraries.integers()
                    .optional()
                    .map(value -> value.map(OptionalInt::of).orElseGet(OptionalInt::empty));
        } else if (type.equals(Duration.class)) {
            return Arbitraries.longs().map(Duration::ofNanos);
        } else if (type.equals(Instant.class)) {
            return Arbitraries.longs()
                    .between(0, 4_000_000_000L * NANOS_PER_SECOND)
                    .map(nanos -> Instant.ofEpochSecond(nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND));
        } else if (type.equals(Operation.class)) {
            return operations();
        } else if (type instanceof Class<?> plain && plain.isEnum()) {
            return Arbitraries.of(plain.getEnumConstants());
        } else if (type instanceof Class<?> plain && plain.isSealed()) {
            return Arbitraries.of(plain.getPermittedSubclasses()).flatMap(RecordArbitraries::ofType);
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            return records(plain);
        }
        throw new IllegalArgumentException("no arbitrary for " + type + " yet: add it here");
    }

    private static Arbitrary<Object> records(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        List<Arbitrary<Object>> values = Arrays.stream(components)
                .map(component -> ofType(component.getGenericType()).map(Object.class::cast))
                .toList();
        return Combinators.combine(values)
                .as(arguments -> {
                    try {
                        Constructor<?> constructor = type.getDeclaredConstructor(types);
                        constructor.setAccessible(true);
                        return (Object) constructor.newInstance(arguments.toArray());
                    } catch (InvocationTargetException e) {
                        throw new RefusedException(e.getCause());
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError(e.getMessage(), e);
                    }
                })
                .ignoreException(RefusedException.class);
    }

    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(Throwable cause) {
            super(cause);
        }
    }
}
