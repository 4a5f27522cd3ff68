package dev.etcddrill.fault;

import dev.etcddrill.cluster.Member;
import java.util.Optional;

/** SIGKILL: the process is gone, the page cache and thus all that was written stays. */
public final class KillFault extends ProcessFault {
    public KillFault() {
        super(FaultTypes.KILL, "the process is killed (SIGKILL); all that was written stays");
    }

    @Override
    void hit(Member member) {
        member.kill();
    }

    @Override
    Optional<UndoStep> undo(String member) {
        return Optional.of(new UndoStep.StartMember(member));
    }
}
