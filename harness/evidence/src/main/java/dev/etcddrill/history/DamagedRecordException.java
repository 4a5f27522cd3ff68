package dev.etcddrill.history;

import java.io.IOException;
import java.nio.file.Path;

/** A file of a run directory is not as it was written: it belongs to something else, or was changed afterwards. */
public final class DamagedRecordException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long line;
    private final String damage;

    /**
     * Names the place and the damage.
     *
     * @param line from 1
     * @param damage what was expected and what is there instead
     */
    public DamagedRecordException(Path file, long line, String damage) {
        super(file + ":" + line + ": " + damage);
        this.file = file;
        this.line = line;
        this.damage = damage;
    }

    /** The damaged file. */
    public Path file() {
        return file;
    }

    /** The damaged line, from 1. */
    public long line() {
        return line;
    }

    /** What was expected and what is there instead, without the place. */
    public String damage() {
        return damage;
    }
}
