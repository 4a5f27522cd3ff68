package com.example.faults;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.fault.FaultType;
import dev.etcddrill.fault.Injection;
import dev.etcddrill.fault.UndoStep;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Stands for a fault type of a user's own jar: the backup script is gone from a host. */
public final class LostFileFault implements FaultType {
    private static final String FILE = "/usr/local/bin/etcd-backup.sh";
    private static final String COPY = FILE + ".kept";

    @Override
    public FaultDescription description() {
        return new FaultDescription(
                "lost-file", "the backup script is gone", FaultTarget.Kind.MEMBERS, List.of(), Set.of());
    }

    @Override
    public List<FaultEffect> effects(PlannedFault fault, ResolvedTarget target, List<String> members) {
        return List.of();
    }

    @Override
    public Injection prepare(PlannedFault fault, ResolvedTarget target, EtcdCluster cluster) {
        List<Member> members = target.members().stream().map(cluster::member).toList();
        return new Injection() {
            @Override
            public List<UndoStep> undoSteps() {
                return target.members().stream()
                        .map(member -> (UndoStep) new UndoStep.RestoreFile(member, FILE, COPY))
                        .toList();
            }

            @Override
            public void inject() {
                for (Member member : members) {
                    CommandOutput moved = member.run(Duration.ofSeconds(10), "mv", FILE, COPY);
                    if (moved.exitCode() != 0) {
                        throw new ClusterException(FILE + " cannot be moved away: " + moved.lastLine());
                    }
                }
            }

            @Override
            public Optional<String> seen() {
                return members.stream().noneMatch(this::hasFile) ? Optional.of(FILE + " is gone") : Optional.empty();
            }

            @Override
            public Optional<String> gone() {
                return members.stream().allMatch(this::hasFile) ? Optional.of(FILE + " is back") : Optional.empty();
            }

            private boolean hasFile(Member member) {
                try {
                    return member.host().hasFile(FILE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
