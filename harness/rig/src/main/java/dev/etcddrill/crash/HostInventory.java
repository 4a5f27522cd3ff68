package dev.etcddrill.crash;

import dev.etcddrill.cluster.docker.DockerLeftovers;
import dev.etcddrill.distribution.CommandOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What there is on this machine of the kinds that runs make: processes, namespaces, mounts, network links, routing rules,
 * routes, packet filter rules, loop devices, and what is labelled on the Docker daemon.
 *
 * @param items a line each, in order
 */
record HostInventory(Set<String> items) {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);
    private static final Path PROC = Path.of("/proc");

    HostInventory {
        items = new TreeSet<>(items);
    }

    /**
     * Takes stock.
     *
     * @param marker a variable and its value, {@code NAME=VALUE}, in the environment of what is looked for: whoever has it,
     *     and whoever lives in a process namespace of its own, is listed
     */
    static HostInventory take(String marker) {
        Set<String> items = new TreeSet<>();
        processes(marker, items);
        mounts(items);
        lines("ip", "-o", "link", "show")
                .map(line -> line.replaceAll("^\\d+: ([^:@]+).*", "$1"))
                .forEach(name -> items.add("network link " + name));
        for (String family : List.of("-4", "-6")) {
            lines("ip", family, "rule", "show")
                    .forEach(rule -> items.add("routing rule " + family + " " + rule.strip()));
            lines("ip", family, "route", "show", "table", "all")
                    .map(route -> route.replaceAll(" expires \\S+", ""))
                    .forEach(route -> items.add("route " + family + " " + route.strip()));
        }
        lines("iptables-save")
                .filter(line -> line.startsWith("-A") || line.startsWith(":"))
                .map(line -> line.replaceAll(" ?\\[\\d+:\\d+]", ""))
                .forEach(rule -> items.add("packet filter rule " + rule));
        lines("losetup", "--all", "--noheadings", "--output", "NAME,BACK-FILE")
                .forEach(device -> items.add("loop device " + device.strip()));
        DockerLeftovers.ofTheDaemonWhereOneAnswers().forEach(thing -> items.add("on the Docker daemon: " + thing));
        return new HostInventory(items);
    }

    private static void processes(String marker, Set<String> items) {
        String ownNamespace = namespace(PROC.resolve("self"), "pid");
        try (Stream<Path> all = Files.list(PROC)) {
            for (Path process : all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                String processes = namespace(process, "pid");
                boolean elsewhere = !processes.isEmpty() && !processes.equals(ownNamespace);
                if (elsewhere || environment(process).contains(marker)) {
                    String name = text(process.resolve("comm")).strip();
                    if (!name.isEmpty()) {
                        items.add("process " + name + " (" + process.getFileName() + ")");
                        for (String kind : List.of("pid", "net", "mnt")) {
                            String namespace = namespace(process, kind);
                            if (!namespace.isEmpty() && !namespace.equals(namespace(PROC.resolve("self"), kind))) {
                                items.add("namespace " + namespace);
                            }
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the processes of this machine cannot be listed", e);
        }
    }

    /** Empty where the process has ended, or is another user's. */
    private static String namespace(Path process, String kind) {
        try {
            return Files.readSymbolicLink(process.resolve("ns").resolve(kind)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<String> environment(Path process) {
        return List.of(text(process.resolve("environ")).split("\0", -1));
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static void mounts(Set<String> items) {
        for (String line : text(PROC.resolve("self/mountinfo")).lines().toList()) {
            String[] fields = line.split(" ", -1);
            items.add("mount " + fields[4]);
        }
    }

    /** Of a command that this user or machine may not have. */
    private static Stream<String> lines(String... command) {
        try {
            CommandOutput output = CommandOutput.of(Path.of("/"), COMMAND_TIMEOUT, command);
            return output.exitCode() == 0 ? output.text().lines().filter(line -> !line.isBlank()) : Stream.empty();
        } catch (UncheckedIOException e) {
            return Stream.empty();
        }
    }

    /** What is here and was not there before, and what was there and is gone. */
    List<String> changesSince(HostInventory before) {
        List<String> changes = new ArrayList<>();
        items.stream().filter(item -> !before.items().contains(item)).forEach(item -> changes.add("left: " + item));
        before.items().stream().filter(item -> !items.contains(item)).forEach(item -> changes.add("missing: " + item));
        return changes;
    }
}
