package dev.etcddrill.cluster.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.LinkCost;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clusters in containers beside what somebody would do without this project, by turns in one run. Not part of the tests;
 * docs/performance.md says how to run it.
 */
class DockerBenchmark {
    private static final double HIGHEST_LATENCY_RATIO = 2.2;
    private static final double LOWEST_THROUGHPUT_RATIO = 0.8;
    private static final int ROUNDS = 5;
    private static final double HIGHEST_START_RATIO = 1.5;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private static Path directory;

    private static DockerConnection docker;
    private static DockerRuntime runtime;
    private static PreparedRun prepared;
    private static ClusterRecipe recipe;
    private static Deployment deployment;
    private static Distribution distribution;
    private static int clusters;

    @BeforeAll
    static void connect() {
        prepared = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)));
        recipe = ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml"));
        deployment =
                Deployment.render(recipe, PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom()));
        distribution = prepared.distribution(recipe.etcd().version());
        docker = DockerConnection.open();
        runtime = DockerRuntime.connect(
                directory.resolve("work"), prepared.toxiproxy(), Optional.empty(), System.out::println);
    }

    @AfterAll
    static void remove() {
        runtime.close();
    }

    private static EtcdCluster create(Set<Capability> capabilities) {
        clusters++;
        return EtcdCluster.create(
                runtime,
                "cluster-" + clusters,
                recipe,
                deployment,
                distribution,
                capabilities,
                member -> directory.resolve(member + ".log"),
                (member, expected, exitCode) -> {});
    }

    @Test
    void linksThatNothingHurtsCostLittle() throws Exception {
        LinkCost.compare(
                () -> create(Set.of()),
                () -> create(Set.of(Capability.LINK_FAULTS)),
                HIGHEST_LATENCY_RATIO,
                LOWEST_THROUGHPUT_RATIO);
    }

    @Test
    void aClusterIsReadyAlmostAsSoonAsAShellScriptWouldHaveIt() throws IOException {
        Path script = directory.resolve("docker-run-cluster.sh");
        try (InputStream text = DockerBenchmark.class.getResourceAsStream("docker-run-cluster.sh")) {
            Files.copy(text, script);
        }
        List<Double> ours = new ArrayList<>();
        List<Double> shell = new ArrayList<>();
        // The first round builds the image and makes the network that both use.
        for (int round = 0; round <= ROUNDS; round++) {
            double took = harness();
            double shellTook = shell(script, round);
            if (round > 0) {
                ours.add(took);
                shell.add(shellTook);
            }
        }
        double ratio = LinkCost.median(ours) / LinkCost.median(shell);
        System.out.printf(
                Locale.ROOT,
                "rendered files to a linearizable cluster of 3 in containers, ms: etcd-drill %s, median %.0f; docker run %s,"
                        + " median %.0f; ratio %.2f%n",
                ours,
                LinkCost.median(ours),
                shell,
                LinkCost.median(shell),
                ratio);
        assertThat(ratio).isLessThanOrEqualTo(HIGHEST_START_RATIO);
    }

    private static double harness() {
        long started = System.nanoTime();
        try (EtcdCluster cluster = create(Set.of())) {
            cluster.start(PATIENCE);
            return Duration.ofNanos(System.nanoTime() - started).toMillis();
        }
    }

    private static double shell(Path script, int round) throws IOException {
        Path files = directory.resolve("deployment-" + round);
        deployment.writeTo(files);
        String network = new DockerLeftovers(docker)
                .networks().stream()
                        .filter(found -> DockerLabels.of(found.getLabels())
                                .filter(labels -> labels.process()
                                        == ProcessHandle.current().pid())
                                .isPresent())
                        .findFirst()
                        .orElseThrow()
                        .getName();
        List<String> command = new ArrayList<>(List.of(
                "bash",
                script.toString(),
                files.toString(),
                distribution.etcd().getParent().toString(),
                network,
                new DockerImages(docker).host(distribution, prepared.toxiproxy())));
        for (MemberRecipe member : recipe.members()) {
            command.add(member.name() + "=" + member.address());
        }
        CommandOutput output = CommandOutput.of(directory, PATIENCE, command);
        assertThat(output.exitCode()).as(output.text()).isZero();
        return Double.parseDouble(output.lastLine().strip());
    }
}
