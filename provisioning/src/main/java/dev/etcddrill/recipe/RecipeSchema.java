package dev.etcddrill.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The shape of a recipe as JSON Schema (draft 2020-12), for editors: keys, kinds of values, and what must be there. It refuses
 * nothing that the reader takes; rules that look at several fields are the reader's alone.
 */
public final class RecipeSchema {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final String MEMBERS = "spec.members[]";
    private static final int FEWEST_MEMBERS = 3;
    private static final int MOST_MEMBERS = 7;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private RecipeSchema() {}

    /** The schema as JSON text with a line end. */
    public static String text() {
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", DRAFT);
        root.put("title", "etcd-drill cluster recipe");
        mapping(root, "", true);
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("expected to write a schema to memory", impossible);
        }
    }

    private static void mapping(ObjectNode schema, String path, boolean required) {
        type(schema, "object", required);
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode must = JSON.createArrayNode();
        String prefix = path.isEmpty() ? "" : path + ".";
        for (String key : RecipeFields.keysOf(path)) {
            String child = prefix + key;
            ObjectNode property = properties.putObject(key);
            if ((child + "[]").equals(MEMBERS)) {
                property.put("type", "array");
                property.put("minItems", FEWEST_MEMBERS);
                property.put("maxItems", MOST_MEMBERS);
                mapping(property.putObject("items"), MEMBERS, true);
                must.add(key);
                continue;
            }
            boolean needed = RecipeFields.all().stream()
                    .filter(field -> field.path().equals(child))
                    .findFirst()
                    .map(field -> {
                        value(property, field);
                        return field.required();
                    })
                    .orElseGet(() -> {
                        boolean mappingNeeded = RecipeFields.requiredMapping(child);
                        mapping(property, child, mappingNeeded);
                        return mappingNeeded;
                    });
            if (needed) {
                must.add(key);
            }
        }
        if (!must.isEmpty()) {
            schema.set("required", must);
        }
    }

    private static void value(ObjectNode schema, RecipeField field) {
        RecipeField.Kind kind = field.kind();
        String description = description(field);
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        if (!kind.words().isEmpty()) {
            ArrayNode words = schema.putArray("enum");
            kind.words().forEach(words::add);
            if (!field.required()) {
                words.addNull();
            }
            return;
        }
        switch (kind.type()) {
            case TEXT -> {
                if (kind.orNumber()) {
                    ArrayNode types = schema.putArray("type").add("string").add("integer");
                    if (!field.required()) {
                        types.add("null");
                    }
                } else {
                    type(schema, "string", field.required());
                }
                schema.put("pattern", kind.pattern());
            }
            case NUMBER -> type(schema, "integer", field.required());
            case MAPPING -> type(schema, "object", field.required());
        }
    }

    /** What is left out, or empty, gets its default. */
    private static void type(ObjectNode schema, String type, boolean required) {
        if (required) {
            schema.put("type", type);
        } else {
            schema.putArray("type").add(type).add("null");
        }
    }

    private static String description(RecipeField field) {
        StringBuilder text = new StringBuilder(field.limits());
        field.fallback()
                .ifPresent(fallback -> text.append(text.isEmpty() ? "" : ". ")
                        .append("If left out: ")
                        .append(fallback));
        if (!field.rules().isEmpty()) {
            text.append(" (").append(String.join(", ", field.rules())).append(')');
        }
        return text.toString();
    }
}
