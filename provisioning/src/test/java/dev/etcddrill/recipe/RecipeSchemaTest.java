package dev.etcddrill.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.etcddrill.document.InvalidDocumentException;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class RecipeSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final URI SCHEMA = URI.create("urn:etcd-drill:recipe");
    private static final Validator VALIDATOR = validator();

    private static Validator validator() {
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new JacksonNode.Factory())
                .createValidator();
        validator.registerSchema(SCHEMA, RecipeSchema.text());
        return validator;
    }

    private static boolean schemaTakes(String yaml) {
        Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return VALIDATOR.validate(SCHEMA, JSON.valueToTree(document).toString()).isValid();
    }

    private static boolean readerTakes(String yaml) {
        Path file = null;
        try {
            file = Files.createTempFile("recipe", ".yaml");
            Files.writeString(file, yaml);
            ClusterRecipe.read(file);
            return true;
        } catch (InvalidDocumentException refused) {
            return false;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            if (file != null) {
                try {
                    Files.delete(file);
                } catch (IOException left) {
                    file.toFile().deleteOnExit();
                }
            }
        }
    }

    @Test
    void thePublishedFileIsTheSchema() throws IOException {
        try (var published = RecipeSchema.class.getResourceAsStream("recipe.schema.json")) {
            assertThat(new String(published.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .as("etcd-drill explain --schema prints what belongs there")
                    .isEqualTo(RecipeSchema.text());
        }
    }

    @Test
    void everyExampleIsValid() throws IOException {
        try (Stream<Path> recipes = Files.walk(ExampleRecipes.directory())) {
            List<Path> files = recipes.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> contains(file, "kind: ClusterRecipe"))
                    .toList();
            assertThat(files)
                    .hasSizeGreaterThan(2)
                    .allSatisfy(file ->
                            assertThat(schemaTakes(Files.readString(file))).isTrue());
            // Where editors look for the schema.
            for (Path file : files) {
                for (String line : Files.readAllLines(file)) {
                    if (line.contains("$schema=")) {
                        assertThat(file.resolveSibling(line.substring(line.indexOf('=') + 1)))
                                .exists();
                    }
                }
            }
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A recipe in which every field is stated, so that each can be changed. */
    private static ObjectNode full() {
        ObjectNode root = JSON.createObjectNode();
        ClusterRecipe guide = ExampleRecipes.guide();
        for (RecipeField field : RecipeFields.all()) {
            if (field.path().startsWith(RecipeField.EACH_MEMBER)) {
                continue;
            }
            String value = field.effective().of(guide, guide.members().get(0));
            ObjectNode parent = parent(root, field.mapping());
            switch (field.kind().type()) {
                case TEXT -> parent.put(field.key(), value);
                case NUMBER -> parent.put(field.key(), Long.parseLong(value));
                case MAPPING -> parent.putObject(field.key());
            }
        }
        ArrayNode members = parent(root, "spec").putArray("members");
        for (MemberRecipe member : guide.members()) {
            ObjectNode node = members.addObject();
            RecipeFields.all().stream()
                    .filter(field -> field.path().startsWith(RecipeField.EACH_MEMBER))
                    .forEach(field -> node.put(field.key(), field.effective().of(guide, member)));
        }
        return root;
    }

    private static ObjectNode parent(ObjectNode root, String path) {
        ObjectNode node = root;
        for (String key : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
            node = key.equals("members[]") ? (ObjectNode) node.path("members").path(1) : node.withObject("/" + key);
        }
        return node;
    }

    @Test
    void whatIsEffectiveCanBeStated() {
        String yaml = full().toString();

        assertThat(schemaTakes(yaml)).isTrue();
        assertThat(readerTakes(yaml)).isTrue();
    }

    @Test
    void unknownKeysAreRefusedEverywhere() {
        Stream.concat(
                        Stream.of("", "spec", "metadata"),
                        RecipeFields.all().stream().map(RecipeField::mapping))
                .distinct()
                .forEach(mapping -> {
                    ObjectNode root = full();
                    parent(root, mapping).put("unheard-of", "1");
                    assertThat(schemaTakes(root.toString())).as(mapping).isFalse();
                    assertThat(readerTakes(root.toString())).as(mapping).isFalse();
                });
    }

    @Test
    void whatMustBeThereMustBeThereForBothAndTheRestForNeither() {
        for (RecipeField field : RecipeFields.all()) {
            for (boolean empty : new boolean[] {false, true}) {
                ObjectNode root = full();
                ObjectNode parent = parent(root, field.mapping());
                parent.remove(field.key());
                if (empty) {
                    parent.putNull(field.key());
                }
                assertThat(schemaTakes(root.toString())).as(field.path()).isEqualTo(!field.required());
                assertThat(readerTakes(root.toString())).as(field.path()).isEqualTo(!field.required());
            }
        }
    }

    @Test
    void aMappingIsNeededWhereSomethingInItIs() {
        for (String mapping : List.of(
                "metadata",
                "spec.etcd",
                "spec.kubernetes",
                "spec.network",
                "spec.hardware",
                "spec.members",
                "spec.certificates",
                "spec.backup",
                "spec.objectives")) {
            ObjectNode root = full();
            int dot = mapping.lastIndexOf('.');
            parent(root, dot < 0 ? "" : mapping.substring(0, dot)).remove(mapping.substring(dot + 1));
            assertThat(schemaTakes(root.toString())).as(mapping).isEqualTo(readerTakes(root.toString()));
        }
    }

    /** Whatever a field holds: what the reader takes, the schema takes. */
    @Property(tries = 3000)
    void theSchemaRefusesNothingThatTheReaderTakes(
            @ForAll("anyField") RecipeField field, @ForAll("anyValue") JsonNode value) {
        ObjectNode root = full();
        parent(root, field.mapping()).set(field.key(), value);
        String yaml = root.toString();

        assertThat(schemaTakes(yaml) || !readerTakes(yaml))
                .as(field.path() + ": " + value)
                .isTrue();
    }

    /** What is of another kind than its field is refused by both. */
    @Property(tries = 1000)
    void aValueOfAnotherKindIsRefusedByBoth(
            @ForAll("anyField") RecipeField field, @ForAll("anyStructure") JsonNode value) {
        if (field.kind().type() == RecipeField.Kind.Type.MAPPING) {
            return;
        }
        ObjectNode root = full();
        parent(root, field.mapping()).set(field.key(), value);

        assertThat(schemaTakes(root.toString())).as(field.path() + ": " + value).isFalse();
        assertThat(readerTakes(root.toString())).as(field.path() + ": " + value).isFalse();
    }

    @Provide
    Arbitrary<RecipeField> anyField() {
        return Arbitraries.of(RecipeFields.all());
    }

    @Provide
    Arbitrary<JsonNode> anyStructure() {
        return Arbitraries.of(
                JSON.createObjectNode(),
                JSON.createArrayNode(),
                JSON.createArrayNode().add("text"),
                JSON.getNodeFactory().booleanNode(true),
                JSON.getNodeFactory().numberNode(1.5));
    }

    @Provide
    Arbitrary<JsonNode> anyValue() {
        Arbitrary<String> known = Arbitraries.of(
                "100ms",
                "3s",
                "1m30s",
                "8760h",
                "3650d",
                "0s",
                "4GiB",
                "512MiB",
                "4294967296",
                "7",
                "10.0.1.11",
                "10.244.0.0/16",
                "10.96.0.0/12",
                "192.168.0.0/16",
                "/var/x",
                "/a/b-c_d.e",
                "etcd-9",
                "a.b.c",
                "k8s.example.com:6443",
                "v3.6.16",
                "3.7.3",
                "1.36.3",
                "1.22.0",
                "RSA-4096",
                "ECDSA-P256",
                "corrected",
                "guide",
                "etcddrill.dev/v1",
                "ClusterRecipe",
                "Token_1",
                "",
                " ",
                "x\n",
                "ä");
        Arbitrary<String> texts =
                Arbitraries.strings().withChars("abz019.-_/:hsmGiB ").ofMaxLength(12);
        return Arbitraries.oneOf(
                known.map(text -> (JsonNode) JSON.getNodeFactory().textNode(text)),
                texts.map(text -> (JsonNode) JSON.getNodeFactory().textNode(text)),
                Arbitraries.longs()
                        .map(number -> (JsonNode) JSON.getNodeFactory().numberNode(number)),
                Arbitraries.of(1, 28, 10_000)
                        .map(number -> (JsonNode) JSON.getNodeFactory().numberNode(number)),
                anyStructure());
    }
}
