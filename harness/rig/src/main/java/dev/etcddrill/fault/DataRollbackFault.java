package dev.etcddrill.fault;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultParameter;
import dev.etcddrill.plan.FaultParameter.Kind;
import dev.etcddrill.plan.PlannedFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a member stored is replaced by an older copy, as a volume that was rolled back or an rsync from yesterday does. The
 * copy is taken while the member is stopped, so it is whole. Undone as {@link DataLossFault} is.
 */
public final class DataRollbackFault extends ProcessFault {
    /** Name of the parameter that says how old the copy is. */
    public static final String AGE = "age";

    private static final String WHILE = "an older copy was made";
    private static final Duration RESTART_PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    public DataRollbackFault() {
        super(
                FaultTypes.DATA_ROLLBACK,
                "the process is killed, what it stored is copied, it is started again; then it is killed once more, and finds"
                        + " the copy in the place of its data",
                List.of(FaultParameter.optional(
                        AGE,
                        Kind.DURATION,
                        Duration.ofSeconds(3),
                        "how long the member works after the copy was taken")),
                Capability.OWN_HOSTS);
    }

    @Override
    public Optional<String> problem(PlannedFault fault, List<String> members) {
        return fault.duration(AGE).compareTo(Duration.ofSeconds(2)) < 0
                ? Optional.of("a copy that is younger than 2s may hold all that was written since; give a longer age")
                : Optional.empty();
    }

    @Override
    void hit(PlannedFault fault, EtcdCluster cluster, Member member) {
        member.kill();
        cluster.dataOf(member).keepCopy();
        member.start();
        awaitAnswer(cluster, member);
        pause(fault.duration(AGE), WHILE);
        member.kill();
        cluster.dataOf(member).replaceByCopy();
    }

    private static void awaitAnswer(EtcdCluster cluster, Member member) {
        long end = System.nanoTime() + RESTART_PATIENCE.toNanos();
        while (!answers(cluster, member)) {
            if (System.nanoTime() > end) {
                throw new ClusterException("member " + member.name() + " did not answer within "
                        + RESTART_PATIENCE.toSeconds() + " s after its data was copied");
            }
            pause(PAUSE, WHILE);
        }
    }

    @Override
    boolean startsMembers() {
        return true;
    }

    @Override
    Optional<String> seen(EtcdCluster cluster, Member member) {
        return super.seen(cluster, member)
                .filter(exited -> cluster.dataOf(member).isCopy())
                .map(exited -> exited + " and finds the copy, byte for byte");
    }

    @Override
    List<FaultEffect> effects(String member) {
        return DataLossFault.taking(member);
    }

    @Override
    List<UndoStep> undo(List<String> members) {
        return DataLossFault.replacing(members);
    }
}
