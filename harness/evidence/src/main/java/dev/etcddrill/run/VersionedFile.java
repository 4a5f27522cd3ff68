package dev.etcddrill.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.DamagedRecordException;
import dev.etcddrill.history.FileFormat;
import dev.etcddrill.history.JsonShapes;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files that are written as a whole: a record's fields, after {@code format} and {@code version}. They are written
 * to a temporary file that is then renamed, so that a reader sees the old one or the new one.
 *
 * @param <T> the record
 */
final class VersionedFile<T> {
    private static final JsonMapper JSON = shapes(JsonMapper.builder())
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
    private static final YAMLMapper YAML = shapes(YAMLMapper.builder()).build();
    private static final AtomicLong TEMPORARY_FILES = new AtomicLong();

    private final FileFormat format;
    private final Class<T> type;
    private final ObjectMapper mapper;

    private VersionedFile(String format, int version, Class<T> type, ObjectMapper mapper) {
        this.format = new FileFormat(format, version);
        this.type = type;
        this.mapper = mapper;
    }

    static <T> VersionedFile<T> json(String format, int version, Class<T> type) {
        return new VersionedFile<>(format, version, type, JSON);
    }

    static <T> VersionedFile<T> yaml(String format, int version, Class<T> type) {
        return new VersionedFile<>(format, version, type, YAML);
    }

    void write(Path file, T content) throws IOException {
        ObjectNode tree =
                mapper.createObjectNode().put("format", format.format()).put("version", format.version());
        ObjectNode fields = mapper.valueToTree(content);
        tree.setAll(fields);
        Path temporary = createTemporary(file);
        try {
            // Not through a channel: that fails where the calling thread was interrupted, and verdicts are written
            // then.
            try (OutputStream out = new FileOutputStream(temporary.toFile())) {
                out.write(mapper.writeValueAsBytes(tree));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Reads the file.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws DamagedRecordException if it is not what was written
     */
    T read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            JsonNode tree = mapper.readTree(bytes);
            FileFormat seen = new FileFormat(
                    tree.path("format").asText(""), tree.path("version").asInt(0));
            if (!seen.equals(format)) {
                throw new DamagedRecordException(
                        file,
                        1,
                        "expected a file of " + format + ", but "
                                + (seen.format().isEmpty() ? "it names no format" : "it is of " + seen));
            }
            T content = mapper.readValue(bytes, type);
            if (content == null) {
                throw new DamagedRecordException(file, 1, "expected a file of " + format + ", but it is empty");
            }
            return content;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            String why = e instanceof ValueInstantiationException && e.getCause() != null
                    ? String.valueOf(e.getCause().getMessage())
                    : e.getOriginalMessage();
            DamagedRecordException damaged =
                    new DamagedRecordException(file, line, "this is no file of " + format + ": " + why);
            damaged.initCause(e);
            throw damaged;
        }
    }

    private static Path createTemporary(Path file) throws IOException {
        long process = ProcessHandle.current().pid();
        while (true) {
            Path temporary = file.resolveSibling(
                    "." + file.getFileName() + "." + process + "-" + TEMPORARY_FILES.incrementAndGet() + ".tmp");
            try {
                return Files.createFile(temporary);
            } catch (FileAlreadyExistsException e) {
                // Left by a killed process of the same number, as in another PID namespace: take the next name.
            }
        }
    }

    private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B shapes(B builder) {
        return JsonShapes.configured(builder)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .addMixIn(Verdict.class, VerdictShape.class)
                .addMixIn(RunPlan.class, TopLevelShape.class)
                .addMixIn(Environment.class, TopLevelShape.class)
                .addMixIn(RunVerdict.class, TopLevelShape.class)
                .addMixIn(AttemptDirectory.Plan.class, TopLevelShape.class)
                .addMixIn(AttemptDirectory.Ending.class, TopLevelShape.class)
                .addMixIn(StoredAttemptVerdict.class, TopLevelShape.class);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "word")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Verdict.Pass.class, name = "PASS"),
        @JsonSubTypes.Type(value = Verdict.Fail.class, name = "FAIL"),
        @JsonSubTypes.Type(value = Verdict.Inconclusive.class, name = "INCONCLUSIVE")
    })
    private interface VerdictShape {}

    /** These two fields are the file's, not the record's. */
    @JsonIgnoreProperties({"format", "version"})
    private interface TopLevelShape {}
}
