package dev.etcddrill.recipe;

import dev.etcddrill.document.QuantityText;
import java.time.Duration;
import java.util.Optional;

/**
 * What the owner of the cluster promises, and drills hold it to.
 *
 * @param writeGapAfterLeaderLoss longest time between the last acknowledged write before and the first after the leader
 *     was lost. When not stated: 2 x election timeout + 1 s (0.96 to 1.60 s seen over 15 kills at 1 s, docs/drills.md; Raft draws each election timeout from one to two times the configured one)
 * @param fullHealthAfterFault longest time from the end of a fault until every member answers linearizable reads. When
 *     not stated: 10 s for RestartSec (SYS-04) + 10 x election timeout + 10 s to catch up + (5 s + 2 x election timeout)
 *     for each other member: at start-up etcd's initial corruption check asks every other member for its hash, one after
 *     the other, and members that start at the same moment do not answer each other until that request times out (14 s
 *     measured on three members of 3.6.16, docs/drills.md; the limit is {@code ServerConfig.ReqTimeout} of etcd's server)
 */
public record Objectives(Bound writeGapAfterLeaderLoss, Bound fullHealthAfterFault) {

    private static final Duration RESTART_DELAY = Duration.ofSeconds(10);
    private static final Duration CATCH_UP = Duration.ofSeconds(10);
    private static final int ELECTIONS_UNTIL_HEALTHY = 10;
    private static final Duration REQUEST_TIMEOUT_WITHOUT_ELECTIONS = Duration.ofSeconds(5);

    /**
     * Objectives for a cluster with this election timeout; what is not stated is derived.
     *
     * @param members how many the cluster has
     * @param electionTimeout the cluster's election timeout
     * @param statedWriteGap the recipe's own bound, if it has one
     * @param statedFullHealth the recipe's own bound, if it has one
     */
    public static Objectives of(
            int members,
            Duration electionTimeout,
            Optional<Duration> statedWriteGap,
            Optional<Duration> statedFullHealth) {
        Bound writeGap = statedWriteGap
                .map(value -> stated(value, "writeGapAfterLeaderLoss"))
                .orElseGet(() -> new Bound(
                        electionTimeout.multipliedBy(2).plusSeconds(1),
                        Bound.Origin.DERIVED,
                        "derived: 2 x election timeout (" + QuantityText.format(electionTimeout)
                                + ") + 1 s; 0.96 to 1.60 s measured over 15 kills at 1 s"
                                + " (docs/drills.md)"));
        Bound fullHealth = statedFullHealth
                .map(value -> stated(value, "fullHealthAfterFault"))
                .orElseGet(() -> new Bound(
                        RESTART_DELAY
                                .plus(electionTimeout.multipliedBy(ELECTIONS_UNTIL_HEALTHY))
                                .plus(CATCH_UP)
                                .plus(REQUEST_TIMEOUT_WITHOUT_ELECTIONS
                                        .plus(electionTimeout.multipliedBy(2))
                                        .multipliedBy(members - 1L)),
                        Bound.Origin.DERIVED,
                        "derived: RestartSec (10 s) + 10 x election timeout (" + QuantityText.format(electionTimeout)
                                + ") + 10 s to catch up + " + (members - 1)
                                + " x (5 s + 2 x election timeout) for the initial corruption check of members that start"
                                + " together (docs/drills.md)"));
        return new Objectives(writeGap, fullHealth);
    }

    private static Bound stated(Duration value, String field) {
        return new Bound(value, Bound.Origin.STATED, "stated: spec.objectives." + field + " of the recipe");
    }
}
