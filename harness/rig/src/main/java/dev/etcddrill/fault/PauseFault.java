package dev.etcddrill.fault;

import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.PlannedFault;
import java.util.List;
import java.util.Optional;

/** SIGSTOP: the process halts. It is no partition: its kernel goes on taking data into its buffers. */
public final class PauseFault extends ProcessFault {
    public PauseFault() {
        super(FaultTypes.PAUSE, "the process halts (SIGSTOP); its kernel goes on taking data into its buffers");
    }

    @Override
    List<FaultEffect> effects(String member) {
        return List.of(new FaultEffect.MemberHalted(member));
    }

    @Override
    void hit(PlannedFault fault, EtcdCluster cluster, Member member) {
        member.pause();
    }

    @Override
    List<UndoStep> undo(List<String> members) {
        return members.stream()
                .map(member -> (UndoStep) new UndoStep.ResumeMember(member))
                .toList();
    }

    @Override
    Optional<String> seen(EtcdCluster cluster, Member member) {
        return member.halted() ? Optional.of("the process of " + member.name() + " halts") : Optional.empty();
    }
}
