package dev.etcddrill.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterRecipeTest {

    @Test
    void readsTheGuidesCluster() {
        ClusterRecipe recipe = ExampleRecipes.guide();

        assertThat(recipe.name()).isEqualTo("etcd-cluster-1");
        assertThat(recipe.profile()).isEqualTo(Profile.CORRECTED);
        assertThat(recipe.etcd().version()).hasToString("3.6.16");
        assertThat(recipe.kubernetes().version()).hasToString("1.36.3");
        assertThat(recipe.network().subnet()).hasToString("10.0.1.0/24");
        assertThat(recipe.members())
                .extracting(MemberRecipe::name, member -> member.address().text(), MemberRecipe::hostname)
                .containsExactly(
                        tuple("etcd-1", "10.0.1.10", "etcd-1.example.com"),
                        tuple("etcd-2", "10.0.1.11", "etcd-2.example.com"),
                        tuple("etcd-3", "10.0.1.12", "etcd-3.example.com"));
    }

    @Test
    void derivesWhatTheGuidesRecipeLeavesOut() {
        ClusterRecipe recipe = ExampleRecipes.guide();

        assertThat(recipe.etcd().heartbeatInterval()).isEqualTo(Duration.ofMillis(100));
        assertThat(recipe.etcd().electionTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(recipe.etcd().dataDirectory()).isEqualTo("/var/lib/etcd");
        assertThat(recipe.etcd().walSubdirectory()).isEqualTo("/var/lib/etcd-wal/wal");
        assertThat(recipe.etcd().initialClusterToken()).isEqualTo("etcd-cluster-1");
        assertThat(recipe.etcd().quotaBackendBytes())
                .as("half of the guide's 8 GiB of memory")
                .isEqualTo(4L << 30);
        assertThat(recipe.certificates().leafLifetime()).isEqualTo(Duration.ofDays(365));
        assertThat(recipe.certificates().keyKind()).isEqualTo(KeyKind.RSA_2048);
        assertThat(recipe.backup().keep()).isEqualTo(28);
    }

    @Test
    void derivesObjectivesFromTheElectionTimeoutAndSaysHow() {
        Objectives objectives = ExampleRecipes.guide().objectives();

        assertThat(objectives.writeGapAfterLeaderLoss().value()).isEqualTo(Duration.ofSeconds(3));
        assertThat(objectives.writeGapAfterLeaderLoss().origin()).isEqualTo(Bound.Origin.DERIVED);
        assertThat(objectives.writeGapAfterLeaderLoss().source()).contains("2 x election timeout (1s) + 1 s");
        assertThat(objectives.fullHealthAfterFault().value()).isEqualTo(Duration.ofSeconds(44));
        assertThat(objectives.fullHealthAfterFault().source()).contains("RestartSec");
    }

    @Test
    void keepsObjectivesThatAreStated() {
        ClusterRecipe recipe =
                ClusterRecipe.read(ExampleRecipes.directory().resolve("negative/unkeepable-objective.yaml"));

        assertThat(recipe.objectives().writeGapAfterLeaderLoss())
                .isEqualTo(new Bound(
                        Duration.ofMillis(50),
                        Bound.Origin.STATED,
                        "stated: spec.objectives.writeGapAfterLeaderLoss of the recipe"));
        assertThat(recipe.objectives().fullHealthAfterFault().origin()).isEqualTo(Bound.Origin.DERIVED);
    }

    @Test
    void passesExtraSettingsThroughWithTheirTypes() {
        ClusterRecipe recipe = ExampleRecipes.guideWith(
                "extra: {}", "extra: {unsafe-no-fsync: true, max-wals: 7, log-level: debug, cors: ['*']}");

        assertThat(recipe.etcd().extra())
                .containsEntry("unsafe-no-fsync", true)
                .containsEntry("max-wals", BigInteger.valueOf(7))
                .containsEntry("log-level", "debug")
                .containsEntry("cors", List.of("*"));
    }

    @ParameterizedTest
    @MethodSource("exampleFiles")
    void everyExampleIsValid(Path file) {
        assertThat(ClusterRecipe.read(file).members()).hasSizeGreaterThanOrEqualTo(3);
    }

    static Stream<Path> exampleFiles() throws IOException {
        try (Stream<Path> files = Files.walk(ExampleRecipes.directory())) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @Test
    void movesMembersToOtherAddressesOfTheSameSubnet() {
        ClusterRecipe moved = ExampleRecipes.guide()
                .withAddresses(Map.of("etcd-2", IpAddress.parse("10.0.1.21")))
                .withName("restored");

        assertThat(moved.name()).isEqualTo("restored");
        assertThat(moved.member("etcd-1").address()).hasToString("10.0.1.10");
        assertThat(moved.member("etcd-2").peerUrl()).isEqualTo("https://10.0.1.21:2380");
        assertThat(moved.etcd().initialClusterToken()).isEqualTo("etcd-cluster-1");
    }

    @Test
    void refusesToMoveAMemberOutOfTheSubnetOrOntoAnother() {
        ClusterRecipe recipe = ExampleRecipes.guide();

        assertThatThrownBy(() -> recipe.withAddresses(Map.of("etcd-2", IpAddress.parse("192.168.0.1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spec.members[1].address")
                .hasMessageContaining("10.0.1.0/24");
        assertThatThrownBy(() -> recipe.withAddresses(Map.of("etcd-2", IpAddress.parse("10.0.1.10"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which spec.members[0].address has already");
        assertThatThrownBy(() -> recipe.withAddresses(Map.of("etcd-9", IpAddress.parse("10.0.1.30"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("etcd-9");
    }

    @Test
    void changesTheVersionOnly() {
        ClusterRecipe recipe = ExampleRecipes.guide();
        ClusterRecipe older = recipe.withEtcd(recipe.etcd().withVersion(EtcdVersion.parse("v3.5.35")));

        assertThat(older.etcd().version()).hasToString("3.5.35");
        assertThat(older.withEtcd(recipe.etcd())).isEqualTo(recipe);
    }
}
