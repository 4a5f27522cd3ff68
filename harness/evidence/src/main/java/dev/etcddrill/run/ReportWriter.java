package dev.etcddrill.run;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes something for people from a run directory. Found by {@link java.util.ServiceLoader}, because evidence knows
 * nothing of reports.
 */
public interface ReportWriter {
    /**
     * Writes the report of a run that was judged, over one that is there.
     *
     * @return the file that people open
     * @throws IOException if it cannot be written
     */
    Path write(RunDirectory run, RunVerdict verdict) throws IOException;
}
