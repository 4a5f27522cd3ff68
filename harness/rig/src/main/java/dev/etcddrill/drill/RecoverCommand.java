package dev.etcddrill.drill;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.docker.DockerLeftovers;
import dev.etcddrill.run.ExitStatus;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code etcd-drill recover}: removes what runs left that did not end by themselves. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description = {
            "Removes what a run left on the Docker daemon whose process is gone, and says what it found.",
            "Only what carries the labels of etcd-drill is touched, and nothing of a run that is still there. A sandbox"
                    + " leaves nothing: the kernel removes it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done, or nothing was found", "3:no Docker daemon answers, or it refused"})
public final class RecoverCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            DockerLeftovers leftovers = DockerLeftovers.onThisDaemon();
            List<String> found = leftovers.removeOrphans();
            if (found.isEmpty()) {
                spec.commandLine()
                        .getOut()
                        .println("nothing of etcd-drill is on the Docker daemon " + leftovers.daemon());
            }
            found.forEach(spec.commandLine().getOut()::println);
            return ExitStatus.PASS.code();
        } catch (ClusterException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitStatus.UNAVAILABLE.code();
        }
    }
}
