package dev.etcddrill.history;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a file as bytes, one at a time. Only what ends with a line feed is a line: the writer writes line and
 * line feed at once, so what has none is what a kill left of the last line.
 */
final class LineSource implements Closeable {
    private static final int LINE_FEED = '\n';

    private final Path file;
    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private long number;
    private boolean brokenOff;

    LineSource(Path file) throws IOException {
        this.file = file;
        this.in = new BufferedInputStream(Files.newInputStream(file));
    }

    /** The next line without its line feed, or null at the end. */
    byte[] next() throws IOException {
        int searched = start;
        while (true) {
            for (int at = searched; at < end; at++) {
                if (buffer[at] == LINE_FEED) {
                    byte[] line = Arrays.copyOfRange(buffer, start, at);
                    start = at + 1;
                    number++;
                    return line;
                }
            }
            searched = end - start;
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            } else if (end == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                if (end > start) {
                    brokenOff = true;
                    number++;
                    start = end;
                }
                return null;
            }
            end += read;
        }
    }

    Path file() {
        return file;
    }

    /** Number of the line that was last read, from 1. */
    long number() {
        return number;
    }

    /** Whether the file ends in the middle of a line; known at the end. */
    boolean brokenOff() {
        return brokenOff;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
