package dev.etcddrill.cluster.docker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.cluster.ClusterException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DockerConnectionTest {
    private static final URI SOCKET = URI.create("unix:///var/run/docker.sock");

    @Test
    void noOtherDaemonIsTakenThanTheOneAskedFor() {
        assertThatThrownBy(() -> DockerConnection.requireAskedFor(Optional.of("tcp://staging.example:2375"), SOCKET))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("expected the Docker daemon of DOCKER_HOST, tcp://staging.example:2375")
                .hasMessageContaining("another one is at unix:///var/run/docker.sock");
    }

    @Test
    void theOneAskedForAndWhereNoneWasAskedForAnyIsTaken() {
        assertThatCode(() -> {
                    DockerConnection.requireAskedFor(Optional.of("unix:///var/run/docker.sock"), SOCKET);
                    DockerConnection.requireAskedFor(Optional.of(" "), SOCKET);
                    DockerConnection.requireAskedFor(Optional.empty(), SOCKET);
                })
                .doesNotThrowAnyException();
    }
}
