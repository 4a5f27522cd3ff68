package dev.etcddrill.scenario;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.junit.EtcdDrill;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** As {@link SnapshotRestoreDrill}, with data that is large or is no text. It takes longer, so it is a drill of its own. */
@EtcdDrill("snapshot-data")
class SnapshotDataDrill {
    private static final String UNUSUAL = "50 MB of large, binary, leased, deleted and empty keys";

    private static final String NEVER_WRITTEN = "a cluster that was never written to";

    static final DrillDefinition DEFINITION = new DrillDefinition(
            "snapshot-data",
            "snapshot of any data",
            "The rendered scripts bring back exactly the snapshot's keys, whatever they are: large, binary, leased, deleted,"
                    + " without a value.",
            "etcd docs, op-guide/recovery",
            Drills.checksWith("backup", "restore"),
            Set.of(Capability.OWN_HOSTS),
            false,
            recipe -> List.of(UNUSUAL, NEVER_WRITTEN));

    @Test
    void snapshotsBringBackWhateverTheyHold(DrillExecution drill) {
        for (int repetition = 1; repetition <= drill.session().tries(); repetition++) {
            drill.attempt(
                    UNUSUAL,
                    drill.seed(UNUSUAL + "/" + repetition),
                    List.of(
                            "3 times: write large, binary, leased, deleted and empty keys beside the load, run the backup"
                                    + " script",
                            "restore the last one on new hosts while the old cluster serves",
                            SnapshotRestoreDrill.COMPARE),
                    Set.of(),
                    false,
                    attempt -> {
                        UnusualData data = new UnusualData(
                                attempt, new Random(attempt.plan().seed()));
                        SnapshotRestoreDrill.restoreBesideAfter(attempt, data::write)
                                .ifPresent(data::recordLeases);
                    });
            drill.progress("1 of 2 classes   " + UNUSUAL);
            drill.attempt(
                    NEVER_WRITTEN,
                    drill.seed(NEVER_WRITTEN + "/" + repetition),
                    List.of(
                            "form a cluster on new hosts, run the backup script 3 times",
                            "restore the last one on other new hosts",
                            SnapshotRestoreDrill.COMPARE),
                    Set.of(),
                    false,
                    SnapshotRestoreDrill::restoreNeverWritten);
            drill.progress("2 of 2 classes   " + NEVER_WRITTEN);
        }
    }
}
