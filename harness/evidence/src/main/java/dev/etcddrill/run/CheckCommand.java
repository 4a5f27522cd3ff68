package dev.etcddrill.run;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etcd-drill check RUN-DIRECTORY}: judges a stored run again, and writes its report. */
@Command(
        name = "check",
        description = {
            "Judges a stored run again, also one that was killed, and writes its report.",
            "The record itself is not changed: only verdicts and the report are written."
        },
        mixinStandardHelpOptions = true,
        // A mistake of ours is no verdict on a cluster: picocli's own code for it would say FAIL.
        exitCodeOnExecutionException = 4,
        exitCodeOnInvalidInput = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:PASS",
            "1:FAIL: a guarantee broke",
            "2:bad usage, or no run directory",
            "4:INCONCLUSIVE: too little evidence"
        })
public final class CheckCommand implements Callable<Integer> {
    /** The last line where a run may be run again; scripts look for it. */
    private static final String HOST_STALLED = "the host stalled: this run may be run once more";

    @Parameters(paramLabel = "RUN-DIRECTORY", description = "directory of a run, such as target/drill-runs/latest")
    private Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            RunDirectory run = RunDirectory.open(directory);
            RunVerdict verdict = RunJudge.withInstalledChecks().judge(run, false);
            List<Path> reports = writeReports(run, verdict);
            ConsoleText text = ConsoleText.ofThisProcess();
            RunSummary.lines(verdict, run.path(), reports)
                    .forEach(line -> spec.commandLine().getOut().println(text.printable(line)));
            if (verdict.inconclusiveOnlyForTheHost()) {
                spec.commandLine().getOut().println(HOST_STALLED);
            }
            return ExitStatus.of(verdict.verdict()).code();
        } catch (IOException e) {
            spec.commandLine().getErr().println(e instanceof FileSystemException ? e.toString() : e.getMessage());
            return ExitStatus.BAD_INPUT.code();
        }
    }

    private List<Path> writeReports(RunDirectory run, RunVerdict verdict) {
        List<Path> reports = new ArrayList<>();
        for (ReportWriter writer : ServiceLoader.load(ReportWriter.class)) {
            try {
                reports.add(writer.write(run, verdict));
            } catch (IOException e) {
                // The verdict stands without it.
                spec.commandLine().getErr().println("the report cannot be written: " + e);
            }
        }
        return reports;
    }
}
