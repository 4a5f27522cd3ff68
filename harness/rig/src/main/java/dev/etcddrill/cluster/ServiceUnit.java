package dev.etcddrill.cluster;

import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.deployment.DeploymentFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a member's systemd unit runs beside etcd, as root (systemd.service(5)). The runtimes have no systemd, so the rig runs
 * it: a deployment may keep a member from starting there.
 *
 * @param before each of {@code ExecStartPre=}, run before etcd; where one fails etcd is not started
 * @param after each of {@code ExecStopPost=}, run after etcd ended in whichever way, and after a start that was refused
 */
record ServiceUnit(List<Command> before, List<Command> after) {
    private static final String PATH = "/etc/systemd/system/etcd.service";
    private static final String PREFIXES = "+!:@|";

    ServiceUnit {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /**
     * One line of a unit.
     *
     * @param mayFail whether systemd goes on where it fails (prefix {@code -})
     */
    record Command(List<String> words, boolean mayFail) {
        Command {
            words = List.copyOf(words);
        }
    }

    /**
     * The unit of a host; one without commands where the host has no unit.
     *
     * @throws ClusterException where a command needs what only systemd can fill in
     */
    static ServiceUnit of(Deployment deployment, String host) {
        return deployment
                .file(host, PATH)
                .map(DeploymentFile::content)
                .map(content -> parse(content.text()))
                .orElse(new ServiceUnit(List.of(), List.of()));
    }

    static ServiceUnit parse(String text) {
        return new ServiceUnit(commands(text, "ExecStartPre="), commands(text, "ExecStopPost="));
    }

    private static List<Command> commands(String text, String key) {
        List<Command> commands = new ArrayList<>();
        for (String line : text.replace("\\\n", " ").lines().map(String::strip).toList()) {
            if (!line.startsWith(key)) {
                continue;
            }
            String command = line.substring(key.length()).strip();
            if (command.isEmpty()) {
                // systemd: an empty assignment forgets the ones before.
                commands.clear();
                continue;
            }
            boolean mayFail = false;
            while (command.charAt(0) == '-' || PREFIXES.indexOf(command.charAt(0)) >= 0) {
                mayFail |= command.charAt(0) == '-';
                command = command.substring(1);
            }
            if (command.matches(".*[%$\"'].*")) {
                throw new ClusterException("expected a command in " + PATH + " that runs as it stands, found \"" + line
                        + "\": specifiers, variables and quotes are for systemd only; put it into a script");
            }
            commands.add(new Command(Arrays.asList(command.split("\\s+")), mayFail));
        }
        return commands;
    }
}
