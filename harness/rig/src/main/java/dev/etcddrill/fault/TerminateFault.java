package dev.etcddrill.fault;

import dev.etcddrill.cluster.Member;
import java.time.Duration;
import java.util.Optional;

/** SIGTERM: etcd hands over leadership and ends. */
public final class TerminateFault extends ProcessFault {
    /** etcd hands over leadership within one election timeout and then closes; far above what was ever seen. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public TerminateFault() {
        super(FaultTypes.TERMINATE, "the process is asked to end (SIGTERM) and hands over leadership");
    }

    @Override
    void hit(Member member) {
        member.terminate();
        member.awaitExit(PATIENCE);
    }

    @Override
    Optional<UndoStep> undo(String member) {
        return Optional.of(new UndoStep.StartMember(member));
    }
}
