package dev.etcddrill.fault;

import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.plan.PlannedFault;

/** SIGKILL: the process is gone, the page cache and thus all that was written stays. */
public final class KillFault extends ProcessFault {
    public KillFault() {
        super(FaultTypes.KILL, "the process is killed (SIGKILL); all that was written stays");
    }

    @Override
    void hit(PlannedFault fault, EtcdCluster cluster, Member member) {
        member.kill();
    }
}
