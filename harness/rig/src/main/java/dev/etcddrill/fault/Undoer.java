package dev.etcddrill.fault;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.distribution.CommandOutput;
import java.time.Duration;
import java.util.List;

/** Does undo steps. */
final class Undoer {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final EtcdCluster cluster;

    Undoer(EtcdCluster cluster) {
        this.cluster = requireNonNull(cluster, "cluster");
    }

    /**
     * Does one step.
     *
     * @throws RuntimeException where it cannot be done; the message says why
     */
    void undo(UndoStep step) {
        if (step instanceof UndoStep.StartMember start) {
            Member member = cluster.member(start.member());
            if (!member.running()) {
                member.start();
            }
        } else if (step instanceof UndoStep.RemoveMember remove) {
            cluster.removeLost(cluster.member(remove.member()));
        } else if (step instanceof UndoStep.AddMember add) {
            cluster.addLost(cluster.member(add.member()));
        } else if (step instanceof UndoStep.ResumeMember resume) {
            cluster.member(resume.member()).resume();
        } else if (step instanceof UndoStep.MendLink mend) {
            cluster.member(mend.link().to()).host().network().mend(mend.link().from());
        } else if (step instanceof UndoStep.RemoveToxic toxic) {
            LinkToxics.remove(cluster, toxic.link(), toxic.name());
        } else {
            restore((UndoStep.RestoreFile) step);
        }
    }

    /** Moving keeps the copy's owner and mode. */
    private void restore(UndoStep.RestoreFile file) {
        CommandOutput output = cluster.member(file.member())
                .host()
                .run(
                        TIMEOUT,
                        List.of(
                                "sh",
                                "-c",
                                "if [ -e \"$1\" ]; then mv -f \"$1\" \"$0\"; fi",
                                file.path(),
                                file.copy()));
        if (output.exitCode() != 0) {
            throw new ClusterException("the file " + file.path() + " of " + file.member()
                    + " cannot be restored from its copy: " + output.lastLines(3));
        }
    }
}
