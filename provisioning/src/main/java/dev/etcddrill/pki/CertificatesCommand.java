package dev.etcddrill.pki;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands {@code etcd-drill certs ...}. */
@Command(
        name = "certs",
        mixinStandardHelpOptions = true,
        description = "Looks after certificates.",
        subcommands = CertificateStatusCommand.class)
public final class CertificatesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "expected one of "
                        + String.join(
                                ", ",
                                new CommandLine(new CertificatesCommand())
                                        .getSubcommands()
                                        .keySet()));
    }
}
