package dev.etcddrill.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.RuntimeKind;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultTarget;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuntimesTest {
    private static final Collection<Capability> NOTHING = Set.of();
    private static final Collection<Capability> CUTS = Set.of(Capability.PARTITIONS);
    private static final Collection<Capability> POWER = Set.of(Capability.POWER_LOSS);

    /** A kind that is possible, or not, and can do some things. */
    private record Kind(String name, Optional<String> missing, Set<Capability> able) implements RuntimeKind {
        @Override
        public String description() {
            return name;
        }

        @Override
        public Optional<String> obstacle(Capability capability) {
            return able.contains(capability) ? Optional.empty() : Optional.of("needs " + capability.id());
        }

        @Override
        public String addresses() {
            return "some";
        }

        @Override
        public String wayOut() {
            return "none";
        }

        @Override
        public void writeJava(Path directory, ProcessHandle owner, Path java) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ClusterRuntime enter(Site site) {
            throw new UnsupportedOperationException();
        }
    }

    private static Kind kind(String name, Capability... able) {
        return new Kind(name, Optional.empty(), Set.of(able));
    }

    private static Kind missing(String name) {
        return new Kind(name, Optional.of("it is not here"), Set.of());
    }

    @Test
    void autoTakesTheFirstThatCanDoMostAndSaysWhatTheOthersLacked() {
        Runtimes.Choice choice = new Runtimes(
                        List.of(missing("sandbox"), kind("docker", Capability.PARTITIONS), kind("loopback")))
                .choose(Runtimes.AUTO, List.of(NOTHING, CUTS, POWER));

        assertThat(choice.kind().name()).isEqualTo("docker");
        assertThat(choice.reason())
                .isEqualTo("docker: it can do 2 of 3 chosen drills; sandbox is not possible here (it is not here);"
                        + " loopback can do no more");
    }

    @Test
    void autoTakesTheLastWhereNothingElseIsPossible() {
        assertThat(new Runtimes(List.of(missing("sandbox"), missing("docker"), kind("loopback")))
                        .choose(Runtimes.AUTO, List.of(NOTHING, CUTS))
                        .reason())
                .contains("loopback: it can do 1 of 2 chosen drills", "docker is not possible here");
    }

    @Test
    void noneAtAllIsRefusedWithEveryReason() {
        assertThatThrownBy(() -> new Runtimes(List.of(missing("sandbox"), missing("docker")))
                        .choose(Runtimes.AUTO, List.of(NOTHING)))
                .isInstanceOf(PreparationException.class)
                .hasMessageContaining("sandbox is not possible here (it is not here); docker is not possible here");
    }

    @Test
    void theTableHasAColumnForEachAndSaysWhyNot() {
        List<String> table = new Runtimes(List.of(missing("sandbox"), kind("loopback", Capability.PARTITIONS))).table();

        assertThat(table.stream().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "| | sandbox | loopback |",
                        "| possible here | no: it is not here | yes |",
                        "| " + Capability.PARTITIONS.sentence() + " | - | yes |",
                        "| " + Capability.POWER_LOSS.sentence() + " | - | no: needs power-loss |");
        assertThat(table)
                .as("columns are as wide as their widest cell")
                .allSatisfy(line -> assertThat(line).hasSameSizeAs(table.get(0)));
    }

    @Test
    void aFaultIsPossibleWhereOneRuntimeThatARunCouldHaveCanDoIt() {
        FaultDescription cut = new FaultDescription(
                "cut", "cuts", FaultTarget.Kind.LINKS, List.of(), Set.of(Capability.PARTITIONS.id()));
        Runtimes runtimes =
                new Runtimes(List.of(missing("sandbox"), kind("docker", Capability.PARTITIONS), kind("loopback")));

        assertThat(runtimes.obstacle(Runtimes.AUTO, cut)).isEmpty();
        assertThat(runtimes.obstacle("docker", cut)).isEmpty();
        assertThat(runtimes.obstacle("loopback", cut)).contains("loopback needs partitions");
        assertThat(runtimes.obstacle("sandbox", cut)).contains("sandbox is not possible here (it is not here)");
    }
}
