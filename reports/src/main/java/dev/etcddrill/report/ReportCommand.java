package dev.etcddrill.report;

import dev.etcddrill.run.ExitStatus;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunVerdict;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etcd-drill report RUN-DIRECTORY}: writes the report of a judged run again. */
@Command(
        name = "report",
        description = {
            "Writes the report of a run again, from the verdict that is stored in it, and prints its path.",
            "To judge the run again first, use check."
        },
        mixinStandardHelpOptions = true,
        // A mistake of ours is no verdict on a cluster: picocli's own code for it would say FAIL.
        exitCodeOnExecutionException = 4,
        exitCodeOnInvalidInput = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the report was written, whatever it says", "2:bad usage, no run directory, or not judged"})
public final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN-DIRECTORY", description = "directory of a run, such as target/drill-runs/latest")
    private Path directory;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public ReportCommand() {}

    @Override
    public Integer call() {
        try {
            RunDirectory run = RunDirectory.open(directory);
            Optional<RunVerdict> verdict = run.verdict();
            if (verdict.isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("expected a run that was judged, but " + directory
                                + " has no run.json: judge it first with etcd-drill check " + directory);
                return ExitStatus.BAD_INPUT.code();
            }
            spec.commandLine().getOut().println(new HtmlReport().write(run, verdict.get()));
            return ExitStatus.PASS.code();
        } catch (IOException e) {
            // Exceptions of the file system say in their message only which file.
            spec.commandLine().getErr().println(e instanceof FileSystemException ? e.toString() : e.getMessage());
            return ExitStatus.BAD_INPUT.code();
        }
    }
}
