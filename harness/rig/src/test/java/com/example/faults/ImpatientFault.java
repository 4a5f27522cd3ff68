package com.example.faults;

import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.fault.FaultType;
import dev.etcddrill.fault.Injection;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Stands for a fault type of a user's own jar whose plan by the crash test is refused; in no jar but that of CI's check of it. */
public final class ImpatientFault implements FaultType {
    @Override
    public FaultDescription description() {
        return new FaultDescription("impatient", "is never right", FaultTarget.Kind.MEMBERS, List.of(), Set.of());
    }

    @Override
    public List<FaultEffect> effects(PlannedFault fault, ResolvedTarget target, List<String> members) {
        return List.of();
    }

    @Override
    public Optional<String> problem(PlannedFault fault, List<String> members) {
        return Optional.of("this fault wants what no plan of the crash test gives");
    }

    @Override
    public Injection prepare(PlannedFault fault, ResolvedTarget target, EtcdCluster cluster) {
        throw new UnsupportedOperationException("a plan with this fault is refused");
    }
}
