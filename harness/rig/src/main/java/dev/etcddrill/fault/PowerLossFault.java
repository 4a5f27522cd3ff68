package dev.etcddrill.fault;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.plan.PlannedFault;

/** SIGKILL, and the disk loses what was not synced. */
public final class PowerLossFault extends ProcessFault {
    public PowerLossFault() {
        super(
                FaultTypes.POWER_LOSS,
                "the process is killed and the disk loses what was not synced",
                Capability.POWER_LOSS);
    }

    @Override
    void hit(PlannedFault fault, EtcdCluster cluster, Member member) {
        member.losePower();
    }
}
