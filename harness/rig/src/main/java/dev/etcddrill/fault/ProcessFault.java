package dev.etcddrill.fault;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultParameter;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.PlanRules;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A fault that hits members' processes, all at the same time: what its kinds share. */
abstract class ProcessFault implements FaultType {
    private static final int LOG_LINES = 8;

    private final FaultDescription description;

    ProcessFault(String id, String sentence, Capability... needs) {
        this(id, sentence, List.of(), needs);
    }

    ProcessFault(String id, String sentence, List<FaultParameter> parameters, Capability... needs) {
        this.description = new FaultDescription(
                id,
                sentence,
                FaultTarget.Kind.MEMBERS,
                parameters,
                Set.copyOf(Arrays.stream(needs).map(Capability::id).toList()));
    }

    @Override
    public final FaultDescription description() {
        return description;
    }

    @Override
    public final List<FaultEffect> effects(PlannedFault fault, ResolvedTarget target, List<String> members) {
        return target.members().stream()
                .flatMap(member -> effects(member).stream())
                .toList();
    }

    /** What it takes from one member. */
    List<FaultEffect> effects(String member) {
        return List.of(new FaultEffect.MemberDown(member));
    }

    /** Whether hitting a member starts it, so that it must find a majority meanwhile. */
    boolean startsMembers() {
        return false;
    }

    /** Hits one member. */
    abstract void hit(PlannedFault fault, EtcdCluster cluster, Member member);

    /** What undoes it, in the order of doing harm. */
    List<UndoStep> undo(List<String> members) {
        return members.stream()
                .map(member -> (UndoStep) new UndoStep.StartMember(member))
                .toList();
    }

    /** What is seen of one member that was hit; empty as long as it is not seen. */
    Optional<String> seen(EtcdCluster cluster, Member member) {
        return member.exitCode().map(code -> member.name() + " exited with " + code);
    }

    @Override
    public final Injection prepare(PlannedFault fault, ResolvedTarget target, EtcdCluster cluster) {
        List<Member> members = target.members().stream().map(cluster::member).toList();
        for (Member member : members) {
            if (!member.running()) {
                throw new ClusterException("the fault " + fault.id() + " is meant for " + member.name()
                        + ", which does not run: what ended before cannot be seen to be ended by it");
            }
        }
        return new Injection() {
            @Override
            public List<UndoStep> undoSteps() {
                return undo(target.members());
            }

            @Override
            public void inject() {
                AtOnce.forAll(members, member -> hit(fault, cluster, member));
            }

            @Override
            public Optional<String> seen() {
                List<Optional<String>> sights = members.stream()
                        .map(member -> ProcessFault.this.seen(cluster, member))
                        .toList();
                return sights.stream().allMatch(Optional::isPresent)
                        ? Optional.of(sights.stream().map(Optional::get).collect(Collectors.joining(", ")))
                        : Optional.empty();
            }

            @Override
            public Optional<String> gone() {
                for (Member member : members) {
                    if (!answers(cluster, member)) {
                        requireAlive(member);
                        return Optional.empty();
                    }
                }
                return Optional.of("every member answers again");
            }
        };
    }

    private static void requireAlive(Member member) {
        member.exitCode().ifPresent(code -> {
            throw new ClusterException("member " + member.name() + " ended with exit code " + code
                    + " after it was started again. Its last log lines:\n" + member.lastLogLines(LOG_LINES));
        });
    }

    static boolean answers(EtcdCluster cluster, Member member) {
        try (MemberClient client = cluster.connect(member)) {
            client.status(PlanRules.LONGEST_ANSWER);
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** Part of the harm itself; never a wait for something to come true. */
    static void pause(Duration time, String purpose) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while " + purpose, e);
        }
    }
}
