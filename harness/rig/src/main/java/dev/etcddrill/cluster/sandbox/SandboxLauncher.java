package dev.etcddrill.cluster.sandbox;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.distribution.CommandOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says whether this machine and user can have a sandbox, and writes the program that stands for {@code java} and runs it
 * as init of one.
 */
public final class SandboxLauncher {
    /** Set for the JVM inside to {@code root} or {@code user}: with all of the host's rights or none of them. */
    public static final String MARKER = "ETCD_DRILL_SANDBOX";

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(20);
    private static final String TEMPLATE = "sandbox-java.sh";

    /** What a sandbox needs to do on any machine; each line is tried inside a throw-away one. */
    private static final String PROBE = "set -e; mount -t tmpfs tmpfs /run; ip netns add probe;"
            + " ip link add probe-bridge type bridge; ip link add probe-veth type veth peer name eth0 netns probe;"
            + " ip link set probe-veth master probe-bridge; nsenter --net=/run/netns/probe true";

    private final Mode mode;

    private SandboxLauncher(Mode mode) {
        this.mode = mode;
    }

    /** The launcher for a machine that was probed. */
    public static SandboxLauncher forMode(Mode mode) {
        return new SandboxLauncher(requireNonNull(mode, "mode"));
    }

    /** Tries a throw-away sandbox. */
    public static Probe probe() {
        for (String program : List.of("unshare", "ip", "nsenter", "mount", "chroot", "setsid")) {
            if (!onPath(program)) {
                return new Probe(
                        Optional.empty(),
                        "the program " + program + " is missing (it comes with "
                                + (program.equals("ip")
                                        ? "iproute2"
                                        : program.equals("chroot") ? "coreutils" : "util-linux")
                                + ")");
            }
        }
        Mode mode = "0"
                        .equals(CommandOutput.of(Path.of("/"), PROBE_TIMEOUT, "id", "-u")
                                .lastLine())
                ? Mode.ROOT
                : Mode.USER;
        List<String> command = new ArrayList<>(unshare(mode));
        command.addAll(List.of("sh", "-c", PROBE));
        CommandOutput output = CommandOutput.of(Path.of("/"), PROBE_TIMEOUT, command);
        if (output.exitCode() == 0) {
            return new Probe(Optional.of(mode), "");
        }
        String reason = "the kernel or its container refuses "
                + (mode == Mode.ROOT ? "network, mount and process namespaces" : "namespaces to ordinary users")
                + " (" + output.lastLine() + ")";
        return new Probe(Optional.empty(), reason);
    }

    /** Why a sandbox here cannot do something, as the end of a sentence about a drill; empty where it can. */
    public static Optional<String> obstacle(Mode mode, Capability capability) {
        return switch (capability) {
            case POWER_LOSS -> powerLossObstacle(mode);
            case OWN_HOSTS, PARTITIONS, LINK_FAULTS -> Optional.empty();
        };
    }

    /** Disks that lose power are loop devices with a file system each. */
    private static Optional<String> powerLossObstacle(Mode mode) {
        if (mode == Mode.USER) {
            return Optional.of("needs root: its disks are loop devices, which other users may not use");
        }
        if (!onPath("mkfs.ext4")) {
            return Optional.of("needs the program mkfs.ext4 (it comes with e2fsprogs)");
        }
        CommandOutput loop = CommandOutput.of(Path.of("/"), PROBE_TIMEOUT, "sh", "-c", "losetup --find");
        return loop.exitCode() == 0
                ? Optional.empty()
                : Optional.of("needs a free loop device (" + loop.lastLine() + ")");
    }

    private static boolean onPath(String program) {
        return CommandOutput.of(Path.of("/"), PROBE_TIMEOUT, "sh", "-c", "command -v " + program)
                        .exitCode()
                == 0;
    }

    private static List<String> unshare(Mode mode) {
        List<String> command = new ArrayList<>(List.of("unshare"));
        if (mode == Mode.USER) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"));
        return command;
    }

    /**
     * Writes the program {@code directory/bin/java}. It ends the sandbox when the owner ends, however that ends.
     *
     * @param owner the process that the sandbox belongs to, such as Maven
     * @param java the real {@code java}
     * @throws UncheckedIOException where it cannot be written
     */
    public Path writeJava(Path directory, ProcessHandle owner, Path java) {
        try (InputStream template = SandboxLauncher.class.getResourceAsStream(TEMPLATE)) {
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@OWNER@", Long.toString(owner.pid()))
                    .replace("@MODE@", mode.name().toLowerCase(Locale.ROOT))
                    .replace("@UNSHARE@", String.join(" ", unshare(mode)))
                    .replace("@JAVA@", quote(java.toString()));
            Path program = directory.resolve("bin").resolve("java");
            Files.createDirectories(program.getParent());
            Files.writeString(program, text);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException("the sandbox's java cannot be written into " + directory, e);
        }
    }

    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** With which rights a sandbox is entered. */
    public enum Mode {
        /** As root: other users and disks of its own inside. */
        ROOT,
        /** As an ordinary user who is root inside only. */
        USER
    }

    /**
     * What was found out.
     *
     * @param mode how a sandbox can be entered; empty where it cannot
     * @param missing where it cannot: what is missing
     */
    public record Probe(Optional<Mode> mode, String missing) {}
}
