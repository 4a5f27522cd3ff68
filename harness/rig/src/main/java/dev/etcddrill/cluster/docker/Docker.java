package dev.etcddrill.cluster.docker;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.RuntimeKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Docker as a kind of runtime. */
public final class Docker implements RuntimeKind {
    private static final String TEMPLATE = "docker-java.sh";

    private Optional<Optional<String>> probed = Optional.empty();

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public String description() {
        return "docker";
    }

    @Override
    public synchronized Optional<String> missing() {
        if (probed.isEmpty()) {
            probed = Optional.of(DockerRuntime.unavailable());
        }
        return probed.get();
    }

    @Override
    public Optional<String> obstacle(Capability capability) {
        return DockerRuntime.obstacleOf(capability);
    }

    @Override
    public boolean noWayOut() {
        return false;
    }

    @Override
    public void writeJava(Path directory, ProcessHandle owner, Path java) {
        try (InputStream template = Docker.class.getResourceAsStream(TEMPLATE)) {
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@OWNER@", Long.toString(owner.pid()))
                    .replace("@JAVA@", "'" + java.toString().replace("'", "'\\''") + "'");
            Path program = directory.resolve("bin").resolve("java");
            Files.createDirectories(program.getParent());
            Files.writeString(program, text);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException("the program that starts the drills cannot be written into " + directory, e);
        }
    }

    @Override
    public ClusterRuntime enter(Site site) {
        return DockerRuntime.connect(site.work(), site.toxiproxy(), site.etcdImage(), site.progress());
    }
}
