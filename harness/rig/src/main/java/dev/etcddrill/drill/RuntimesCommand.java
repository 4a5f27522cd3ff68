package dev.etcddrill.drill;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code etcd-drill runtimes}: what each runtime can do on this machine. */
@Command(
        name = "runtimes",
        mixinStandardHelpOptions = true,
        description = "Prints what each runtime can do on this machine, and why not what it cannot.")
public final class RuntimesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Runtimes.all().table().forEach(spec.commandLine().getOut()::println);
    }
}
