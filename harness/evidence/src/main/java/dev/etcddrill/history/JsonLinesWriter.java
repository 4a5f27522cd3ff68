package dev.etcddrill.history;

import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes records to a file, one a line, each of them handed to the operating system before the call returns: it is
 * there even where the JVM is killed right after. Thread-safe.
 *
 * @param <T> the records' type
 */
public final class JsonLinesWriter<T> implements Closeable {
    private final OutputStream out;
    private final ObjectWriter writer;
    private long records;

    /**
     * Creates the file and writes its header.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is such a file: a record is never written over
     */
    public JsonLinesWriter(Path file, FileFormat format, Class<T> type) throws IOException {
        this.writer = JsonShapes.mapper().writerFor(type);
        Files.createFile(file);
        // Not through a channel: that is closed for good when the calling thread is interrupted.
        this.out = new FileOutputStream(file.toFile(), true);
        write(JsonShapes.mapper().writeValueAsBytes(JsonLine.header(format)));
    }

    /** Appends a record. */
    public synchronized void append(T record) throws IOException {
        write(writer.writeValueAsBytes(record));
        records++;
    }

    /** How many records were appended. */
    public synchronized long records() {
        return records;
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    private void write(byte[] json) throws IOException {
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        out.write(line);
    }
}
