package dev.etcddrill.fault;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultParameter;
import dev.etcddrill.plan.FaultParameter.Kind;
import dev.etcddrill.plan.PlannedFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * SIGKILL, and all that the member stored is removed: after its process ended, or under it, as a disk that dies does. It is
 * undone as an operator does: the member is replaced, under a new id; what it stored stays lost.
 */
public final class DataLossFault extends ProcessFault {
    /** Name of the parameter that says how long the process runs on without its data. */
    public static final String BEFORE_END = "before-end";

    public DataLossFault() {
        super(
                FaultTypes.DATA_LOSS,
                "the process is killed and all that it stored is removed",
                List.of(FaultParameter.optional(
                        BEFORE_END,
                        Kind.DURATION,
                        Duration.ZERO,
                        "how long before the process is killed its data is removed; 0s: after it has ended")),
                Capability.OWN_HOSTS);
    }

    @Override
    void hit(PlannedFault fault, EtcdCluster cluster, Member member) {
        Duration beforeEnd = fault.duration(BEFORE_END);
        if (beforeEnd.isZero()) {
            member.kill();
            cluster.dataOf(member).lose();
        } else {
            cluster.dataOf(member).loseUnderIt();
            pause(beforeEnd, "a member ran on without its data");
            member.kill();
        }
    }

    @Override
    Optional<String> seen(EtcdCluster cluster, Member member) {
        return super.seen(cluster, member)
                .filter(exited -> cluster.dataOf(member).isLost())
                .map(exited -> exited + " and has neither a database nor a log left");
    }

    @Override
    List<FaultEffect> effects(String member) {
        return taking(member);
    }

    static List<FaultEffect> taking(String member) {
        return List.of(new FaultEffect.MemberDown(member), new FaultEffect.DataTaken(member));
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
