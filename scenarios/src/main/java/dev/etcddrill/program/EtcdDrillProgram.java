package dev.etcddrill.program;

import dev.etcddrill.crash.CrashTestCommand;
import dev.etcddrill.deployment.RenderCommand;
import dev.etcddrill.drill.RecoverCommand;
import dev.etcddrill.drill.RuntimesCommand;
import dev.etcddrill.junit.RunCommand;
import dev.etcddrill.pki.CertificatesCommand;
import dev.etcddrill.recipe.ExplainCommand;
import dev.etcddrill.report.ReportCommand;
import dev.etcddrill.run.CheckCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code etcd-drill}. */
@Command(
        name = "etcd-drill",
        mixinStandardHelpOptions = true,
        versionProvider = EtcdDrillProgram.Version.class,
        description = "Rehearses an external etcd cluster for Kubernetes before it has to survive for real.",
        subcommands = {
            ExplainCommand.class,
            RenderCommand.class,
            CertificatesCommand.class,
            RunCommand.class,
            CheckCommand.class,
            ReportCommand.class,
            RuntimesCommand.class,
            RecoverCommand.class,
            CrashTestCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:PASS or clean",
            "1:FAIL or findings",
            "2:bad usage or bad input",
            "3:this machine cannot do it",
            "4:INCONCLUSIVE",
            "130:interrupted"
        })
public final class EtcdDrillProgram {
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new EtcdDrillProgram()).execute(arguments));
    }

    /** The version that the build wrote into the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = EtcdDrillProgram.class.getPackage().getImplementationVersion();
            return new String[] {"etcd-drill " + (version == null ? "(not from its jar)" : version)};
        }
    }
}
