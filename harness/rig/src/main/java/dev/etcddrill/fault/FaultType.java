package dev.etcddrill.fault;

import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import java.util.List;
import java.util.Optional;

/**
 * A kind of harm that can be done to a cluster. Implementations are stateless and found by {@link
 * java.util.ServiceLoader}, so that a user can add one from an own jar (design decision 9). How it is undone is not for it
 * to say freely: it names {@link UndoStep}s, and those are done by the rig.
 */
public interface FaultType {
    /** What it is: id, parameters, what it is done to, what a runtime must be able to do. */
    FaultDescription description();

    /**
     * What it takes from the cluster while it lasts, for counting who can still form a majority. Pure.
     *
     * @param members all of the cluster
     */
    List<FaultEffect> effects(PlannedFault fault, ResolvedTarget target, List<String> members);

    /**
     * What is wrong with a fault of this type that its parameters do not show; empty where nothing is. Pure.
     *
     * @param members all of the cluster
     */
    default Optional<String> problem(PlannedFault fault, List<String> members) {
        return Optional.empty();
    }

    /**
     * Gets ready to harm; harms nothing yet. May measure what is normal.
     *
     * @throws dev.etcddrill.cluster.ClusterException where the cluster's state makes it impossible
     */
    Injection prepare(PlannedFault fault, ResolvedTarget target, EtcdCluster cluster);
}
