package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One fault of a plan.
 *
 * @param id unique within the plan
 * @param type id of the fault type
 * @param target whom it hits
 * @param parameters by name; each a {@link Duration} or a {@link Long}
 */
public record PlannedFault(String id, String type, FaultTarget target, Map<String, Object> parameters) {
    public PlannedFault {
        requireNonNull(id, "id");
        requireNonNull(type, "type");
        requireNonNull(target, "target");
        parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
        parameters.forEach((name, value) -> {
            if (!(value instanceof Duration) && !(value instanceof Long)) {
                throw new IllegalArgumentException("the parameter " + name + " of the fault " + id
                        + " must be a Duration or a Long, but is " + value);
            }
        });
    }

    /** A parameter that is a time. */
    public Duration duration(String name) {
        return (Duration) parameter(name);
    }

    /** A parameter that is a number. */
    public long count(String name) {
        return (Long) parameter(name);
    }

    private Object parameter(String name) {
        Object value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the fault " + id + " of type " + type + " has no parameter " + name
                    + ", only " + parameters.keySet());
        }
        return value;
    }

    /** Its parameters as a plan writes them. */
    public String parameterText() {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> text.append(text.isEmpty() ? "" : ", ")
                .append(name)
                .append(' ')
                .append(value instanceof Duration time ? DurationText.format(time) : value));
        return text.toString();
    }
}
