package dev.etcddrill.cluster.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.cluster.EtcdCluster;
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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From rendered files to a linearizable read on each of three members: this project beside the shell script that somebody
 * would write instead, by turns in one run. Not part of the tests; docs/performance.md says how to run it.
 */
class ClusterStartBenchmark {
    private static final int ROUNDS = 9;
    private static final double HIGHEST_RATIO = 1.3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void aClusterIsReadyAsSoonAsAShellScriptWouldHaveIt() throws IOException {
        PreparedRun prepared = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)));
        ClusterRecipe recipe =
                ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml"));
        Deployment deployment =
                Deployment.render(recipe, PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom()));
        Distribution distribution = prepared.distribution(recipe.etcd().version());
        Path script = directory.resolve("start-cluster.sh");
        try (InputStream text = ClusterStartBenchmark.class.getResourceAsStream("start-cluster.sh")) {
            Files.copy(text, script);
        }
        List<Long> ours = new ArrayList<>();
        List<Long> shell = new ArrayList<>();
        try (SandboxRuntime runtime = SandboxRuntime.enter(prepared.work(), prepared.toxiproxy())) {
            // The first round loads classes and programs, and makes the bridge that both use.
            for (int round = 0; round <= ROUNDS; round++) {
                long took = harness(runtime, recipe, deployment, distribution, round);
                long shellTook = shell(script, recipe, deployment, distribution, round);
                if (round > 0) {
                    ours.add(took);
                    shell.add(shellTook);
                }
            }
        }
        double ratio = (double) median(ours) / median(shell);
        System.out.printf(
                Locale.ROOT,
                "rendered files to a linearizable cluster of 3, ms: etcd-drill %s, median %d; shell %s, median %d;"
                        + " ratio %.2f%n",
                ours,
                median(ours),
                shell,
                median(shell),
                ratio);
        assertThat(ratio).isLessThanOrEqualTo(HIGHEST_RATIO);
    }

    private long harness(
            SandboxRuntime runtime, ClusterRecipe recipe, Deployment deployment, Distribution distribution, int round) {
        long started = System.nanoTime();
        try (EtcdCluster cluster = EtcdCluster.create(
                runtime,
                "cluster-" + round,
                recipe,
                deployment,
                distribution,
                Set.of(),
                member -> directory.resolve(member + ".log"),
                (member, expected, exitCode) -> {})) {
            cluster.start(PATIENCE);
            return Duration.ofNanos(System.nanoTime() - started).toMillis();
        }
    }

    private long shell(Path script, ClusterRecipe recipe, Deployment deployment, Distribution distribution, int round)
            throws IOException {
        Path files = directory.resolve("deployment-" + round);
        deployment.writeTo(files);
        List<String> command = new ArrayList<>(List.of(
                "bash",
                script.toString(),
                files.toString(),
                distribution.etcd().getParent().toString(),
                "drill0"));
        for (MemberRecipe member : recipe.members()) {
            command.add(member.name() + "=" + member.address() + "/"
                    + recipe.network().subnet().prefixLength());
        }
        CommandOutput output = CommandOutput.of(directory, PATIENCE, command);
        assertThat(output.exitCode()).as(output.text()).isZero();
        return Long.parseLong(output.lastLine().strip());
    }

    private static long median(List<Long> values) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
