package dev.etcddrill.drill;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Says whether the cluster of one attempt may serve the next (design decision 12): every member runs, is of one cluster,
 * has no alarm, sees a leader, and all have equal revision and hash.
 */
final class HealthGate {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private HealthGate() {}

    /** Whether there is a cluster and it passes. */
    static boolean passes(Optional<EtcdCluster> cluster) {
        return cluster.isPresent() && passes(cluster.get());
    }

    private static boolean passes(EtcdCluster cluster) {
        Set<String> clusterIds = new HashSet<>();
        Set<Long> revisions = new HashSet<>();
        Set<Long> hashes = new HashSet<>();
        for (Member member : cluster.members()) {
            if (!member.running()) {
                return false;
            }
            try (MemberClient client = cluster.connect(member)) {
                MemberClient.Status status = client.status(DEADLINE);
                if (!status.errors().isEmpty() || status.leaderId().isEmpty()) {
                    return false;
                }
                clusterIds.add(status.header().clusterId());
                revisions.add(status.header().revision());
                hashes.add(client.hash(status.header().revision(), DEADLINE).hash());
            } catch (StatusRuntimeException e) {
                return false;
            }
        }
        return clusterIds.size() == 1 && revisions.size() == 1 && hashes.size() == 1;
    }
}
