package dev.etcddrill.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlanRules;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.Trigger;
import dev.etcddrill.recipe.ClusterRecipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Plans that are put together in code are held against the same rules as those from files. */
class FaultTypesTest {
    private static final FaultTypes TYPES = FaultTypes.installed();
    private static final Trigger AT_ONCE = new Trigger.Elapsed(Duration.ZERO);
    private static final FaultTarget THERE = new FaultTarget.Links(List.of(new Link("etcd-1", "etcd-2")));

    private static final PlanRules RULES = rules(capability -> Optional.empty());

    private static PlanRules rules(java.util.function.Function<Capability, Optional<String>> obstacle) {
        return TYPES.rulesFor(
                ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml")),
                "sandbox",
                obstacle);
    }

    private static PlannedFault latency(String id, FaultTarget target, Duration delay) {
        return new PlannedFault(id, FaultTypes.LATENCY, target, Map.of("delay", delay));
    }

    @Test
    void whatAFaultLeavesOutHasItsFallback() {
        FaultPlan plan = FaultPlan.named("slow")
                .inject(latency("slow", THERE, Duration.ofMillis(300)), AT_ONCE)
                .build();

        assertThat(TYPES.requirePossible(plan, RULES).fault("slow").duration("jitter"))
                .isZero();
    }

    @Test
    void everyMistakeOfEveryFaultIsTold() {
        FaultPlan plan = FaultPlan.named("wrong")
                .inject(
                        latency("nobody", new FaultTarget.Links(List.of(new Link("etcd-1", "etcd-9"))), Duration.ZERO),
                        AT_ONCE)
                .inject(latency("back", THERE, Duration.ofSeconds(-1)), AT_ONCE)
                .inject(latency("members", new FaultTarget.AllMembers(), Duration.ofSeconds(1)), AT_ONCE)
                .inject(new PlannedFault("unknown", "flood", THERE, Map.of()), AT_ONCE)
                .inject(latency("short", THERE, Duration.ofMillis(1)), AT_ONCE)
                .build();

        assertThatThrownBy(() -> TYPES.requirePossible(plan, RULES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fault nobody: the cluster has no member etcd-9; its members are etcd-1, etcd-2")
                .hasMessageContaining("fault back: expected a time such as 300ms as the parameter delay")
                .hasMessageContaining("fault members: expected a target of LINKS, found all members")
                .hasMessageContaining("fault unknown: there is no fault type flood")
                .hasMessageContaining(
                        "fault short: a delay that is under 20ms with its jitter taken off cannot be told");
    }

    @Test
    void whatContradictsOrTakesTheMajorityIsRefused() {
        FaultPlan.Builder builder = FaultPlan.named("slow")
                .inject(latency("all", new FaultTarget.AllLinks(), Duration.ofMillis(1500)), AT_ONCE);

        assertThatThrownBy(() -> TYPES.requirePossible(builder.build(), RULES))
                .hasMessageContaining("after step 1 no majority can be formed");
        assertThat(TYPES.requirePossible(builder.beyondQuorum().build(), RULES).faults())
                .hasSize(1);
        assertThatThrownBy(() -> TYPES.requirePossible(
                        builder.inject(latency("one", THERE, Duration.ofMillis(50)), AT_ONCE)
                                .build(),
                        RULES))
                .hasMessageContaining("step 2: the faults all and one hit the same target");
    }

    @Test
    void whatTheRuntimeCannotDoIsRefused() {
        assertThatThrownBy(() -> TYPES.requirePossible(
                        FaultPlan.named("slow")
                                .inject(latency("slow", THERE, Duration.ofMillis(50)), AT_ONCE)
                                .build(),
                        rules(capability -> Optional.of("lacks links"))))
                .hasMessageContaining("fault slow: latency cannot be done in the runtime sandbox: it lacks links");
    }
}
