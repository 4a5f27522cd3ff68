package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a fault type is, apart from how it is done.
 *
 * @param id as in plans and fault events, in lower case with dashes
 * @param sentence what it does
 * @param target what it is done to
 * @param parameters that a plan may give
 * @param needs ids of what the runtime must be able to do
 */
public record FaultDescription(
        String id, String sentence, FaultTarget.Kind target, List<FaultParameter> parameters, Set<String> needs) {
    public FaultDescription {
        requireNonNull(id, "id");
        requireNonNull(sentence, "sentence");
        requireNonNull(target, "target");
        parameters = List.copyOf(parameters);
        needs = Set.copyOf(needs);
        if (!id.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "the id of a fault type is in lower case with dashes, but this is \"" + id + "\"");
        }
    }

    /**
     * The same fault with every parameter of this type: one that it does not give has its fallback.
     *
     * @throws IllegalArgumentException where it gives none that must be given, one that this type does not have, or a value
     *     that is of another kind or negative
     */
    public PlannedFault complete(PlannedFault fault) {
        Map<String, Object> values = new LinkedHashMap<>(fault.parameters());
        for (FaultParameter parameter : parameters) {
            if (!values.containsKey(parameter.name())) {
                values.put(
                        parameter.name(),
                        parameter
                                .fallback()
                                .orElseThrow(() -> new IllegalArgumentException("expected the parameter "
                                        + parameter.name() + " of the fault " + fault.id() + ": "
                                        + parameter.meaning())));
            }
        }
        for (FaultParameter parameter : parameters) {
            if (!parameter.kind().takes(values.get(parameter.name()))) {
                throw new IllegalArgumentException(
                        "expected " + parameter.kind().words() + " as the parameter "
                                + parameter.name() + " of the fault " + fault.id() + ", found "
                                + values.get(parameter.name()));
            }
        }
        for (String name : fault.parameters().keySet()) {
            if (parameters.stream().noneMatch(parameter -> parameter.name().equals(name))) {
                throw new IllegalArgumentException("the fault type " + id + " has no parameter " + name
                        + ", but the fault " + fault.id() + " gives one");
            }
        }
        return new PlannedFault(fault.id(), fault.type(), fault.target(), values);
    }

    /** A JSON Schema (draft 2020-12) for the parameters of one fault of this type, as maps and lists. */
    public Map<String, Object> parameterSchema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (FaultParameter parameter : parameters) {
            Map<String, Object> property = new LinkedHashMap<>();
            property.put("description", parameter.meaning());
            switch (parameter.kind()) {
                case DURATION -> {
                    property.put("type", "string");
                    property.put("pattern", DurationText.PATTERN);
                }
                case COUNT -> {
                    property.put("type", "integer");
                    property.put("minimum", 0);
                }
            }
            properties.put(parameter.name(), property);
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", id);
        schema.put("description", sentence);
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        schema.put("properties", properties);
        schema.put(
                "required",
                parameters.stream()
                        .filter(parameter -> parameter.fallback().isEmpty())
                        .map(FaultParameter::name)
                        .toList());
        return schema;
    }
}
