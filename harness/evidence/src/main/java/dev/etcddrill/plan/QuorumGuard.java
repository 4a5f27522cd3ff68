package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts the voters that can form a majority while faults are in force (design decision 10): effects count, not corpses.
 * A leader needs each follower's vote and answer within the election timeout (Raft, section 5.2; etcd's check-quorum), so
 * the voters that count are a leader-to-be and all whom it reaches, there and back, in time. They need not reach one
 * another: that is why a cluster behind a bridge goes on.
 */
public final class QuorumGuard {
    private final List<String> members;
    private final Duration electionTimeout;

    /**
     * @param members all voters of the cluster
     * @param electionTimeout of each; a round trip that takes as long counts as cut
     */
    public QuorumGuard(List<String> members, Duration electionTimeout) {
        this.members = List.copyOf(members);
        this.electionTimeout = requireNonNull(electionTimeout, "electionTimeout");
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a cluster has members, but this one has none");
        }
    }

    /** How many voters a majority needs. */
    public int quorum() {
        return members.size() / 2 + 1;
    }

    /** The size of the largest set of voters that could elect a leader of their own and commit with it. */
    public int votersAbleToFormMajority(Collection<FaultEffect> effects) {
        return followings(effects).stream().mapToInt(Set::size).max().orElse(0);
    }

    /** For each member that could lead a majority: itself and all voters that it reaches, there and back, in time. */
    public List<Set<String>> majorities(Collection<FaultEffect> effects) {
        return followings(effects).stream()
                .filter(following -> following.size() >= quorum())
                .toList();
    }

    private List<Set<String>> followings(Collection<FaultEffect> effects) {
        Set<String> down = new HashSet<>();
        Set<Link> cut = new HashSet<>();
        Map<Link, Duration> delays = new HashMap<>();
        for (FaultEffect effect : effects) {
            if (effect instanceof FaultEffect.MemberDown member) {
                down.add(member.member());
            } else if (effect instanceof FaultEffect.MemberHalted member) {
                down.add(member.member());
            } else if (effect instanceof FaultEffect.LinkCut link) {
                cut.add(link.link());
            } else if (effect instanceof FaultEffect.LinkDelayed delayed) {
                delays.merge(delayed.link(), delayed.delay(), Duration::plus);
            }
        }
        return members.stream()
                .filter(leader -> !down.contains(leader))
                .map(leader -> members.stream()
                        .filter(voter -> !down.contains(voter))
                        .filter(voter -> voter.equals(leader) || reaches(leader, voter, cut, delays))
                        .collect(Collectors.toCollection(LinkedHashSet::new)))
                .map(following -> (Set<String>) following)
                .toList();
    }

    /** Whether a majority can be formed under these effects. */
    public boolean tolerates(Collection<FaultEffect> effects) {
        return votersAbleToFormMajority(effects) >= quorum();
    }

    private boolean reaches(String leader, String voter, Set<Link> cut, Map<Link, Duration> delays) {
        Link there = new Link(leader, voter);
        Link back = there.reversed();
        Duration roundTrip = delays.getOrDefault(there, Duration.ZERO).plus(delays.getOrDefault(back, Duration.ZERO));
        return !cut.contains(there) && !cut.contains(back) && roundTrip.compareTo(electionTimeout) < 0;
    }
}
