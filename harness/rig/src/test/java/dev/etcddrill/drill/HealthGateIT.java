package dev.etcddrill.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.cluster.sandbox.SandboxRuntime;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthGateIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path logs;

    @Test
    void onlyAClusterThatIsWholeMayServeTheNextAttempt() throws InterruptedException {
        PreparedRun prepared = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)));
        ClusterRecipe recipe =
                ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml"));
        Deployment deployment =
                Deployment.render(recipe, PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom()));
        try (SandboxRuntime runtime = SandboxRuntime.enter(prepared.work(), prepared.toxiproxy());
                EtcdCluster cluster = EtcdCluster.create(
                        runtime,
                        "cluster-1",
                        recipe,
                        deployment,
                        prepared.distribution(recipe.etcd().version()),
                        Set.of(),
                        member -> logs.resolve(member + ".log"),
                        (member, expected, exitCode) -> {})) {
            cluster.start(Duration.ofMinutes(1));
            assertThat(HealthGate.obstacle(cluster, PATIENCE)).isEmpty();

            Member victim = cluster.members().get(0);
            victim.kill();
            assertThat(HealthGate.obstacle(cluster, Duration.ZERO)).contains(victim.name() + " does not run");

            cluster.start(Duration.ofMinutes(1));
            assertThat(HealthGate.obstacle(cluster, PATIENCE)).as("whole again").isEmpty();
        }
    }
}
