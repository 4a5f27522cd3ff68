package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
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

    /** The parameter of a name. */
    public Optional<FaultParameter> parameter(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst();
    }

    /** A JSON Schema (draft 2020-12) for the parameters of one fault of this type. */
    public ObjectNode parameterSchema() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode properties = nodes.objectNode();
        var required = nodes.arrayNode();
        for (FaultParameter parameter : parameters) {
            ObjectNode property = nodes.objectNode().put("description", parameter.meaning());
            switch (parameter.kind()) {
                case DURATION -> property.put("type", "string").put("pattern", DurationText.PATTERN);
                case COUNT -> property.put("type", "integer").put("minimum", 0);
            }
            properties.set(parameter.name(), property);
            if (parameter.fallback().isEmpty()) {
                required.add(parameter.name());
            }
        }
        ObjectNode schema = nodes.objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", id)
                .put("description", sentence)
                .put("type", "object")
                .put("additionalProperties", false);
        schema.set("properties", properties);
        schema.set("required", required);
        return schema;
    }
}
