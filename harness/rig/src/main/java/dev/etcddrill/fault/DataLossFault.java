package dev.etcddrill.fault;

import dev.etcddrill.cluster.Member;
import java.util.Optional;

/** SIGKILL, after which the drill removes what the member stored. It is never undone: a restore brings a new cluster. */
public final class DataLossFault extends ProcessFault {
    public DataLossFault() {
        super(FaultTypes.DATA_LOSS, "the process is killed for good; its data is removed by the drill");
    }

    @Override
    void hit(Member member) {
        member.kill();
    }

    @Override
    Optional<UndoStep> undo(String member) {
        return Optional.empty();
    }
}
