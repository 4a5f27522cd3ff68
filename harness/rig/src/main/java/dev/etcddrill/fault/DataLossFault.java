package dev.etcddrill.fault;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.plan.PlannedFault;
import java.util.List;
import java.util.stream.Stream;

/**
 * SIGKILL, and all that the member stored is removed. It is undone as an operator does: the member is replaced, under a new
 * id; what it stored stays lost.
 */
public final class DataLossFault extends ProcessFault {
    public DataLossFault() {
        super(FaultTypes.DATA_LOSS, "the process is killed and all that it stored is removed", Capability.OWN_HOSTS);
    }

    @Override
    void hit(PlannedFault fault, EtcdCluster cluster, Member member) {
        member.kill();
        cluster.dataOf(member).lose();
    }

    @Override
    List<UndoStep> undo(List<String> members) {
        return replacing(members);
    }

    /**
     * Undone backwards: all are taken out before one is put in again, because etcd takes nobody in while a member that is
     * left cannot be reached (server.go, {@code isConnectedFullySince}).
     */
    static List<UndoStep> replacing(List<String> members) {
        return Stream.concat(
                        members.stream().map(member -> (UndoStep) new UndoStep.AddMember(member)),
                        members.stream().map(member -> (UndoStep) new UndoStep.RemoveMember(member)))
                .toList();
    }
}
