package dev.etcddrill.run;

import java.io.IOException;
import java.nio.file.Path;

/** A path that was given as a run directory is none. */
public final class NotARunDirectoryException extends IOException {
    private static final long serialVersionUID = 1L;

    NotARunDirectoryException(Path path, String seen) {
        super(path + " is no run directory: " + seen + ". Expected a directory such as"
                + " target/drill-runs/latest, with the file " + RunDirectory.PLAN_FILE + " in it");
    }
}
