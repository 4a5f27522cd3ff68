package dev.etcddrill.scenario;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.drill.Procedures;
import dev.etcddrill.junit.DrillExecutions;
import dev.etcddrill.junit.EtcdDrillProperty;
import dev.etcddrill.junit.EveryTry;
import dev.etcddrill.junit.Try;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;

/**
 * As {@link SnapshotRestoreDrill}, with any data and snapshots at any moment of its being written: what is written in which
 * order, when a snapshot is taken and on which member is drawn from the seed. It takes longer, so it is a drill of its own.
 */
@EtcdDrillProperty("snapshot-data")
class SnapshotDataDrill {
    static final DrillDefinition DEFINITION = new DrillDefinition(
            "snapshot-data",
            "snapshot of any data",
            "The rendered scripts bring back exactly the snapshot's keys, whatever they are: large, binary, leased, deleted,"
                    + " without a value; and whenever it is taken.",
            "etcd docs, op-guide/recovery",
            Drills.checksWith("backup", "restore"),
            Set.of(Capability.OWN_HOSTS),
            false,
            recipe -> Arrays.stream(Data.values()).map(Data::toString).toList());

    /** What a snapshot is taken of. */
    enum Data {
        UNUSUAL("50 MB of large, binary, leased, deleted and empty keys"),
        NEVER_WRITTEN("a cluster that was never written to");

        private final String text;

        Data(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Provide
    Arbitrary<Try<Data>> everyTry() {
        return Try.all(DEFINITION, recipe -> List.of(Data.values()));
    }

    @EveryTry
    void everyKeptSnapshotBringsBackWhateverItHolds(@ForAll("everyTry") Try<Data> one, DrillExecutions drills) {
        attempt(drills.on(one.recipe()), one.ofClass(), one.repetition());
    }

    static void attempt(DrillExecution drill, Data data, int repetition) {
        long seed = drill.seed(data + "/" + repetition);
        switch (data) {
            case UNUSUAL ->
                drill.attempt(
                        data.toString(),
                        seed,
                        List.of(
                                "write large, binary, leased, deleted and empty keys beside the load, in a drawn order",
                                "run the backup script at two moments of it, one drawn from all, one from those after 50 MB",
                                "restore each on new hosts while the old cluster serves",
                                SnapshotRestoreDrill.COMPARE),
                        Set.of(),
                        false,
                        attempt -> anyDataAtAnyMoment(attempt, new Random(seed)));
            case NEVER_WRITTEN ->
                drill.attempt(
                        data.toString(),
                        seed,
                        List.of(
                                "form a cluster on new hosts, run the backup script",
                                "restore it on other new hosts",
                                SnapshotRestoreDrill.COMPARE),
                        Set.of(),
                        false,
                        SnapshotRestoreDrill::restoreNeverWritten);
        }
        List<String> classes = drill.plan().requiredClasses();
        drill.progress((classes.indexOf(data.toString()) + 1) + " of " + classes.size() + " classes   " + data);
    }

    private static void anyDataAtAnyMoment(Attempt attempt, Random random) throws InterruptedException, IOException {
        UnusualData data = new UnusualData(attempt, random);
        int first = data.anyMoment();
        int second = data.momentAfter50Megabytes();
        for (int moment : new int[] {Math.min(first, second), Math.max(first, second)}) {
            data.writeUntil(moment);
            attempt.mark("a backup after " + moment + " unusual keys");
            List<Member> members = attempt.etcd().members();
            List<String> leased = data.leased();
            Procedures.BackupFile backup =
                    SnapshotRestoreDrill.backUp(attempt, members.get(random.nextInt(members.size())));
            SnapshotRestoreDrill.restoreOnNewHosts(attempt, backup, restored -> data.recordLeases(restored, leased));
        }
    }
}
