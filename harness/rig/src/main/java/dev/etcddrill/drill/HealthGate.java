package dev.etcddrill.drill;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Says whether the cluster of one attempt may serve the next (design decision 12): every member runs, is of one cluster,
 * has no alarm, sees a leader, and all have equal revision and hash.
 */
final class HealthGate {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private HealthGate() {}

    /**
     * Why a cluster that nobody writes to is not whole; empty where it is.
     *
     * @param patience for which it may still become whole, such as on a host that stalls
     */
    static Optional<String> obstacle(EtcdCluster cluster, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Optional<String> obstacle = obstacle(cluster);
        while (obstacle.isPresent() && System.nanoTime() < end) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            obstacle = obstacle(cluster);
        }
        return obstacle;
    }

    private static Optional<String> obstacle(EtcdCluster cluster) {
        Set<String> clusterIds = new HashSet<>();
        Set<Long> revisions = new HashSet<>();
        Set<Long> hashes = new HashSet<>();
        for (Member member : cluster.members()) {
            if (!member.running()) {
                return Optional.of(member.name() + " does not run");
            }
            try (MemberClient client = cluster.connect(member)) {
                MemberClient.Status status = client.status(DEADLINE);
                if (!status.errors().isEmpty()) {
                    return Optional.of(member.name() + " reports " + String.join(", ", status.errors()));
                }
                if (status.leaderId().isEmpty()) {
                    return Optional.of(member.name() + " sees no leader");
                }
                clusterIds.add(status.header().clusterId());
                revisions.add(status.header().revision());
                hashes.add(client.hash(status.header().revision(), DEADLINE).hash());
            } catch (StatusRuntimeException e) {
                return Optional.of(
                        member.name() + " does not answer: " + e.getStatus().getCode());
            }
        }
        if (clusterIds.size() > 1) {
            return Optional.of("the members are of several clusters: " + String.join(", ", clusterIds));
        }
        if (revisions.size() > 1) {
            return Optional.of("the members have the revisions " + revisions);
        }
        return hashes.size() > 1
                ? Optional.of("the members' hashes differ at revision " + revisions)
                : Optional.empty();
    }
}
