package dev.etcddrill.history;

import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What could be read of a file that {@link JsonLinesWriter} wrote.
 *
 * @param records in the file's order, without the damaged ones
 * @param brokenOff whether the file ends in the middle of a line, as after a kill; that line is not in the records
 * @param damage what is wrong with it otherwise; at most {@value #DAMAGE_LIMIT}, then reading ended
 * @param <T> the records' type
 */
public record JsonLines<T>(List<T> records, boolean brokenOff, List<DamagedRecordException> damage) {
    /** After so many damaged lines a file is not read on: it is something else. */
    public static final int DAMAGE_LIMIT = 10;

    public JsonLines {
        records = List.copyOf(records);
        damage = List.copyOf(damage);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read at all; damage is told in the result
     */
    public static <T> JsonLines<T> read(Path file, FileFormat format, Class<T> type) throws IOException {
        ObjectReader reader = JsonShapes.mapper().readerFor(type);
        List<T> records = new ArrayList<>();
        List<DamagedRecordException> damage = new ArrayList<>();
        try (LineSource lines = new LineSource(file)) {
            byte[] line = lines.next();
            if (line == null) {
                return new JsonLines<>(records, true, damage);
            }
            try {
                JsonLine.header(line, format, file);
            } catch (DamagedRecordException e) {
                return new JsonLines<>(records, false, List.of(e));
            }
            while (damage.size() < DAMAGE_LIMIT && (line = lines.next()) != null) {
                try {
                    T value = JsonLine.read(reader, type, line, file, lines.number());
                    records.add(value);
                } catch (DamagedRecordException e) {
                    damage.add(e);
                }
            }
            return new JsonLines<>(records, lines.brokenOff(), damage);
        }
    }
}
