package dev.etcddrill.scenario;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.drill.DrillSession;
import dev.etcddrill.drill.Procedures;
import dev.etcddrill.junit.DrillExecutions;
import dev.etcddrill.junit.EtcdDrillProperty;
import dev.etcddrill.junit.SessionAccess;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

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

    /** One try: a class, for the n-th time. */
    record Plan(Data data, int repetition) {
        @Override
        public String toString() {
            return data + ", " + repetition;
        }
    }

    @Provide
    Arbitrary<Plan> everyClass() {
        int tries = SessionAccess.session().tries();
        return Arbitraries.of(IntStream.rangeClosed(1, tries)
                .boxed()
                .flatMap(repetition -> Arrays.stream(Data.values()).map(data -> new Plan(data, repetition)))
                .toList());
    }

    // Every class must be covered, so they are enumerated, not sampled; data and moments are drawn from the attempt's
    // seed.
    @Property(
            tries = 100_000,
            generation = GenerationMode.EXHAUSTIVE,
            shrinking = ShrinkingMode.OFF,
            edgeCases = EdgeCasesMode.NONE)
    void everyKeptSnapshotBringsBackWhateverItHolds(@ForAll("everyClass") Plan plan, DrillExecutions drills) {
        DrillSession session = SessionAccess.session();
        session.recipesOf(DEFINITION).forEach(recipe -> attempt(drills.on(recipe), plan.data(), plan.repetition()));
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
