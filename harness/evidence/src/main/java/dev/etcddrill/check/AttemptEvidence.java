package dev.etcddrill.check;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that was recorded of one attempt.
 *
 * @param operations in order of invocation
 * @param faults in order of time
 * @param observations in order of time
 * @param memberLogs lines of each member's log, by member
 * @param end how the attempt ended; empty where its record breaks off (the JVM was killed)
 */
public record AttemptEvidence(
        DrillPlan drill,
        AttemptPlan plan,
        List<Operation> operations,
        List<FaultEvent> faults,
        List<Observation> observations,
        Map<String, List<String>> memberLogs,
        Optional<End> end) {
    public AttemptEvidence {
        requireNonNull(drill, "drill");
        requireNonNull(plan, "plan");
        operations = List.copyOf(operations);
        faults = List.copyOf(faults);
        observations = List.copyOf(observations);
        memberLogs = Map.copyOf(memberLogs);
        requireNonNull(end, "end");
    }

    /**
     * How an attempt ended.
     *
     * @param completed whether every step of the plan was done; a step that the cluster's state made impossible counts
     *     as not done
     * @param reason where it was not: what stopped it
     */
    public record End(boolean completed, String reason) {
        public End {
            requireNonNull(reason, "reason");
        }
    }
}
