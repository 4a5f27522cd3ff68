package dev.etcddrill.fault;

import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.plan.PlannedFault;
import java.time.Duration;

/** SIGTERM: etcd hands over leadership and ends. */
public final class TerminateFault extends ProcessFault {
    /** etcd hands over leadership within one election timeout and then closes; far above what was ever seen. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public TerminateFault() {
        super(FaultTypes.TERMINATE, "the process is asked to end (SIGTERM) and hands over leadership");
    }

    @Override
    void hit(PlannedFault fault, EtcdCluster cluster, Member member) {
        member.terminate();
        member.awaitExit(PATIENCE);
    }
}
