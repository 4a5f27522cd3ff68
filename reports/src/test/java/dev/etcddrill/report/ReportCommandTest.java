package dev.etcddrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunJudge;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReportCommandTest {
    @TempDir
    Path runs;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return new CommandLine(new ReportCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void writesTheReportAgainFromTheStoredVerdictAndPrintsItsPath() throws IOException {
        RunDirectory run = SampleRuns.interrupted().write(runs);
        new RunJudge(List.of()).judge(run, false);

        int code = execute(run.path().toString());

        assertThat(code).isZero();
        assertThat(out.toString().strip()).isEqualTo(run.reportFile().toString());
        assertThat(Files.readString(run.reportFile())).contains("INCONCLUSIVE");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void saysHowToJudgeARunThatWasNotJudged() throws IOException {
        RunDirectory run = SampleRuns.interrupted().write(runs);

        int code = execute(run.path().toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("no run.json", "etcd-drill check " + run.path());
        assertThat(run.reportFile()).doesNotExist();
    }

    @Test
    void saysWhatIsMissingWhereThereIsNoRun() {
        int code = execute(runs.resolve("nothing").toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("there is nothing of that name");
    }

    @Test
    void refusesAMissingArgument() {
        assertThat(execute()).isEqualTo(2);
    }
}
