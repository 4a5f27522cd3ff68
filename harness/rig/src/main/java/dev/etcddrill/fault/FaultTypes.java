package dev.etcddrill.fault;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.plan.PlanForecast;
import dev.etcddrill.plan.PlanRules;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The fault types of all jars on the class path, by id; and the ids of our own. */
public final class FaultTypes {
    public static final String KILL = "kill";
    public static final String TERMINATE = "terminate";
    public static final String PAUSE = "pause";
    public static final String POWER_LOSS = "power-loss";
    public static final String DATA_LOSS = "data-loss";
    public static final String DATA_ROLLBACK = "data-rollback";
    public static final String LATENCY = "latency";
    public static final String BANDWIDTH = "bandwidth";
    public static final String BLACKHOLE = "blackhole";
    public static final String RESET = "reset";
    public static final String SLOW_CLOSE = "slow-close";
    public static final String CUT = "cut";
    public static final String ISOLATE = "isolate";
    public static final String SPLIT = "split";
    public static final String BRIDGE = "bridge";
    public static final String RING = "ring";
    public static final String CUT_CLIENTS = "cut-clients";

    private final Map<String, FaultType> byId;

    private FaultTypes(Map<String, FaultType> byId) {
        this.byId = byId;
    }

    /**
     * All that are installed.
     *
     * @throws IllegalStateException where two have the same id
     */
    public static FaultTypes installed() {
        return of(ServiceLoader.load(FaultType.class));
    }

    /** As {@link #installed()}, with these and no others. */
    static FaultTypes of(Iterable<FaultType> types) {
        Map<String, FaultType> byId = new TreeMap<>();
        for (FaultType type : types) {
            FaultType other = byId.put(type.description().id(), type);
            if (other != null) {
                throw new IllegalStateException("two fault types are called "
                        + type.description().id() + ": " + other.getClass().getName() + " and "
                        + type.getClass().getName() + "; rename one, or leave its jar out");
            }
        }
        return new FaultTypes(byId);
    }

    /** The type of an id. */
    public Optional<FaultType> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /**
     * The type of an id.
     *
     * @throws IllegalArgumentException where there is none
     */
    public FaultType require(String id) {
        return find(id).orElseThrow(() ->
                new IllegalArgumentException("there is no fault type " + id + "; there are " + byId.keySet()));
    }

    /** What each is. */
    public Map<String, FaultDescription> descriptions() {
        Map<String, FaultDescription> descriptions = new TreeMap<>();
        byId.forEach((id, type) -> descriptions.put(id, type.description()));
        return descriptions;
    }

    /** All that a runtime must be able to do for a plan. */
    public Set<Capability> needs(FaultPlan plan) {
        return plan.faults().stream()
                .flatMap(fault -> require(fault.type()).description().needs().stream())
                .map(Capability::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The plan with every parameter of its faults, if it is possible. A plan from a file was held against the same rules,
     * and against its own places, when it was read.
     *
     * @throws IllegalArgumentException with everything that makes it impossible, a line each
     */
    public FaultPlan requirePossible(FaultPlan plan, PlanRules rules) {
        List<String> mistakes = new ArrayList<>();
        List<PlannedFault> faults = new ArrayList<>();
        for (PlannedFault fault : plan.faults()) {
            List<String> own = new ArrayList<>();
            find(fault.type())
                    .ifPresentOrElse(
                            type -> complete(fault, type, rules, own).ifPresent(faults::add),
                            () -> own.add("there is no fault type " + fault.type() + "; there are " + byId.keySet()));
            own.forEach(mistake -> mistakes.add("fault " + fault.id() + ": " + mistake));
        }
        if (mistakes.isEmpty()) {
            FaultPlan complete = new FaultPlan(plan.name(), plan.beyondQuorum(), faults, plan.steps());
            rules.mistakes(complete)
                    .forEach(mistake -> mistakes.add("step " + (mistake.step() + 1) + ": " + mistake.text()));
            PlanForecast forecast = PlanForecast.of(complete, rules);
            if (forecast.refused()) {
                mistakes.add("after step "
                        + forecast.stepsBeyondQuorum().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + " no majority can be formed; take less, or say beyondQuorum()");
            }
            if (mistakes.isEmpty()) {
                return complete;
            }
        }
        throw new IllegalArgumentException(
                "the plan " + plan.name() + " is impossible:\n" + String.join("\n", mistakes));
    }

    private static Optional<PlannedFault> complete(
            PlannedFault fault, FaultType type, PlanRules rules, List<String> mistakes) {
        FaultDescription description = type.description();
        for (String need : description.needs()) {
            rules.obstacle()
                    .apply(need)
                    .ifPresent(obstacle -> mistakes.add(description.id() + " cannot be done in the runtime "
                            + rules.runtime() + ": it " + obstacle));
        }
        if (fault.target().kind() != description.target()) {
            mistakes.add("expected a target of " + description.target() + ", found " + fault.target());
        }
        for (String member : fault.target().namedMembers()) {
            if (!rules.members().contains(member)) {
                mistakes.add("the cluster has no member " + member + "; its members are "
                        + String.join(", ", rules.members()));
            }
        }
        try {
            PlannedFault complete = description.complete(fault);
            if (mistakes.isEmpty()) {
                type.problem(complete, rules.members()).ifPresent(mistakes::add);
            }
            return Optional.of(complete);
        } catch (IllegalArgumentException e) {
            mistakes.add(e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * What plans for a cluster are held against.
     *
     * @param runtime name of the runtime
     * @param obstacle why the runtime cannot do something; empty where it can
     */
    public PlanRules rulesFor(ClusterRecipe recipe, String runtime, Function<Capability, Optional<String>> obstacle) {
        return new PlanRules(
                descriptions(),
                (fault, target, members) -> require(fault.type()).effects(fault, target, members),
                type -> require(type) instanceof ToxicFault,
                type -> require(type) instanceof ProcessFault fault && fault.startsMembers(),
                recipe.members().stream().map(MemberRecipe::name).toList(),
                recipe.etcd().electionTimeout(),
                runtime,
                need -> obstacle.apply(Capability.of(need)));
    }
}
