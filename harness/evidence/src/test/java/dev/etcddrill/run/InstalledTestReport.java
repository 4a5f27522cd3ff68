package dev.etcddrill.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A report as another module brings it. */
public final class InstalledTestReport implements ReportWriter {
    @Override
    public Path write(RunDirectory run, RunVerdict verdict) throws IOException {
        return Files.writeString(run.reportFile(), RunSummary.verdictLine(verdict));
    }
}
