package dev.etcddrill.fault;

import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import java.util.Optional;

/** SIGSTOP: the process halts. It is no partition: its kernel goes on taking data into its buffers. */
public final class PauseFault extends ProcessFault {
    public PauseFault() {
        super(FaultTypes.PAUSE, "the process halts (SIGSTOP); its kernel goes on taking data into its buffers");
    }

    @Override
    void hit(Member member) {
        member.pause();
    }

    @Override
    Optional<UndoStep> undo(String member) {
        return Optional.of(new UndoStep.ResumeMember(member));
    }

    @Override
    Optional<String> seen(EtcdCluster cluster, Member member) {
        return answers(cluster, member)
                ? Optional.empty()
                : Optional.of(member.name() + " runs and answers nothing within 1 s");
    }
}
