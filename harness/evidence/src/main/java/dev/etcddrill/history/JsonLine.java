package dev.etcddrill.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One line of a JSON lines file: turning it into a record, and saying what is wrong where it is none. */
final class JsonLine {
    private static final int SHOWN = 120;

    private JsonLine() {}

    /** The header line: the format, and whatever else the file says at its start. */
    static ObjectNode header(FileFormat format) {
        return JsonShapes.mapper()
                .createObjectNode()
                .put("format", format.format())
                .put("version", format.version());
    }

    /** A header line that was read; fails where the file is of another format or version. */
    static JsonNode header(byte[] line, FileFormat expected, Path file) throws DamagedRecordException {
        JsonNode header;
        try {
            header = JsonShapes.mapper().readTree(line);
        } catch (IOException e) {
            throw damaged(file, 1, "the header of " + expected, line, e);
        }
        FileFormat seen = new FileFormat(
                header.path("format").asText(""), header.path("version").asInt(0));
        if (!seen.equals(expected)) {
            throw damaged(file, 1, "the header of " + expected, line, null);
        }
        return header;
    }

    static <T> T read(ObjectReader reader, Class<T> type, byte[] line, Path file, long number)
            throws DamagedRecordException {
        try {
            T value = type.cast(reader.readValue(line));
            if (value == null) {
                throw damaged(file, number, "a record", line, null);
            }
            return value;
        } catch (DamagedRecordException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Jackson wraps what constructors throw, but not everything that a number or date too large makes.
            throw damaged(file, number, "a record", line, e);
        }
    }

    private static DamagedRecordException damaged(Path file, long number, String expected, byte[] line, Exception why) {
        String text = new String(line, 0, Math.min(line.length, SHOWN), StandardCharsets.UTF_8);
        DamagedRecordException damaged = new DamagedRecordException(
                file,
                number,
                "expected " + expected + ", but found " + (line.length > SHOWN ? text + "..." : text)
                        + (why == null ? "" : " (" + reason(why) + ")"));
        damaged.initCause(why);
        return damaged;
    }

    private static String reason(Exception why) {
        if (why instanceof ValueInstantiationException instantiation && instantiation.getCause() != null) {
            return String.valueOf(instantiation.getCause().getMessage());
        }
        return why instanceof JsonProcessingException json
                ? json.getOriginalMessage()
                : String.valueOf(why.getMessage());
    }
}
