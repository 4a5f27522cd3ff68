package dev.etcddrill.fault;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.Member;
import java.io.IOException;
import java.util.Optional;

/** SIGKILL, and the disk loses what was not synced. */
public final class PowerLossFault extends ProcessFault {
    public PowerLossFault() {
        super(
                FaultTypes.POWER_LOSS,
                "the process is killed and the disk loses what was not synced",
                Capability.POWER_LOSS);
    }

    @Override
    void hit(Member member) {
        member.kill();
        try {
            member.host().loseUnsyncedData();
        } catch (IOException e) {
            throw new ClusterException(
                    "the disk of member " + member.name() + " cannot be cut off: " + e.getMessage(), e);
        }
    }

    @Override
    Optional<UndoStep> undo(String member) {
        return Optional.of(new UndoStep.StartMember(member));
    }
}
