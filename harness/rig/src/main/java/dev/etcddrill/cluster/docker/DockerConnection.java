package dev.etcddrill.cluster.docker;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.distribution.CommandOutput;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;

/**
 * The Docker daemon that Testcontainers finds: {@code DOCKER_HOST}, the usual sockets, Docker Desktop and others. Its
 * start-up checks and its reaper are not used: they need images from a registry, and {@link DockerGuard} does the reaper's
 * work.
 */
final class DockerConnection {
    private static final int ENDED_AFTER_TIMEOUT = 124;
    private static final Duration FILE_TIMEOUT = Duration.ofSeconds(30);

    private final DockerClient client;
    private final URI daemon;
    private final String host;

    private DockerConnection(DockerClient client, URI daemon) {
        this.client = requireNonNull(client, "client");
        this.daemon = requireNonNull(daemon, "daemon");
        this.host = hostOf(daemon);
    }

    /**
     * Connects.
     *
     * @throws ClusterException where no daemon answers
     */
    static DockerConnection open() {
        try {
            DockerClientProviderStrategy strategy = DockerClientProviderStrategy.getFirstValidStrategy(
                    ServiceLoader.load(DockerClientProviderStrategy.class).stream()
                            .map(ServiceLoader.Provider::get)
                            .toList());
            URI daemon = strategy.getTransportConfig().getDockerHost();
            requireAskedFor(Optional.ofNullable(System.getenv("DOCKER_HOST")), daemon);
            return new DockerConnection(strategy.getDockerClient(), daemon);
        } catch (IllegalStateException | DockerException e) {
            throw new ClusterException("no Docker daemon answers (" + firstLine(e.getMessage()) + ")", e);
        }
    }

    /**
     * Testcontainers goes on to the usual sockets where the daemon of {@code DOCKER_HOST} does not answer. Whoever named one
     * wants that and no other.
     */
    static void requireAskedFor(Optional<String> asked, URI found) {
        asked.map(String::strip).filter(text -> !text.isEmpty()).ifPresent(text -> {
            if (!URI.create(text).equals(found)) {
                throw new ClusterException("expected the Docker daemon of DOCKER_HOST, " + text
                        + ", but it does not answer, and another one is at " + found
                        + "; start it, or unset DOCKER_HOST to use the other");
            }
        });
    }

    /** Where it is reached, such as {@code unix:///var/run/docker.sock}. */
    String daemon() {
        return daemon.toString();
    }

    /**
     * Where a daemon publishes ports: on its own machine, which is this one where it is reached by a socket. Testcontainers
     * would start a container to find that out.
     */
    private static String hostOf(URI daemon) {
        String override = System.getenv("TESTCONTAINERS_HOST_OVERRIDE");
        if (override != null && !override.isBlank()) {
            return override;
        }
        return daemon.getHost() == null || daemon.getHost().isEmpty() ? "127.0.0.1" : daemon.getHost();
    }

    private static String firstLine(String message) {
        return message == null
                ? "no reason given"
                : message.lines().findFirst().orElse("").strip();
    }

    DockerClient client() {
        return client;
    }

    /** Where ports that the daemon publishes are reached. */
    String host() {
        return host.equals("localhost") ? "127.0.0.1" : host;
    }

    /** Whether the daemon publishes ports on this machine. */
    boolean local() {
        return host().equals("127.0.0.1");
    }

    /**
     * The address that ports are published on: a daemon elsewhere must publish them where this machine can reach them, and
     * nobody here knows which of its addresses that is.
     */
    String publishingAddress() {
        return local() ? "127.0.0.1" : "0.0.0.0";
    }

    /**
     * Reads a file of the machine that the daemon runs on, as a container in that machine's own network sees it.
     *
     * @param image with {@code cat} in it
     * @param labels for the container, should this process end meanwhile
     */
    String readInHostNetwork(String image, Map<String, String> labels, String path) {
        String container = client.createContainerCmd(image)
                .withEntrypoint("sleep", "60")
                .withLabels(labels)
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode("host"))
                .exec()
                .getId();
        try {
            client.startContainerCmd(container).exec();
            return require(container, FILE_TIMEOUT, List.of("cat", path)).text();
        } finally {
            removeContainer(client, container);
        }
    }

    /** Ends and removes a container with the volumes that are its own; does nothing where it is gone, or being removed. */
    static void removeContainer(DockerClient client, String container) {
        try {
            client.removeContainerCmd(container)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException | ConflictException e) {
            // Somebody else, such as the guard, is removing it already.
        }
    }

    /** Runs a command in a running container and waits for its end. */
    CommandOutput run(String container, Duration timeout, List<String> command) {
        try {
            String id = client.execCreateCmd(container)
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .withCmd(command.toArray(String[]::new))
                    .exec()
                    .getId();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            boolean ended = client.execStartCmd(id)
                    .exec(new ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            text.writeBytes(frame.getPayload());
                        }
                    })
                    .awaitCompletion(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                return new CommandOutput(
                        ENDED_AFTER_TIMEOUT,
                        text.toString(StandardCharsets.UTF_8) + "\nnot waited for longer than " + timeout.toSeconds()
                                + " s: " + command.get(0));
            }
            Long code = client.inspectExecCmd(id).exec().getExitCodeLong();
            return new CommandOutput(
                    code == null ? ENDED_AFTER_TIMEOUT : code.intValue(), text.toString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while " + command.get(0) + " ran in a container", e);
        } catch (DockerException e) {
            throw new ClusterException(
                    command.get(0) + " cannot be run in the container " + container + ": " + firstLine(e.getMessage()),
                    e);
        }
    }

    /**
     * As {@link #run}, as root, for a command that must succeed.
     *
     * @throws ClusterException where it does not
     */
    CommandOutput require(String container, Duration timeout, List<String> command) {
        CommandOutput output = run(container, timeout, command);
        if (output.exitCode() != 0) {
            throw new ClusterException("a step in the container " + container + " failed with exit code "
                    + output.exitCode() + ": " + output.lastLines(3) + "\nthe step was: " + String.join(" ", command));
        }
        return output;
    }
}
