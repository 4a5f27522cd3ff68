package dev.etcddrill.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuorumGuardTest {
    private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(1);
    private static final List<String> THREE = List.of("a", "b", "c");
    private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

    private static int voters(List<String> members, List<FaultEffect> effects) {
        return new QuorumGuard(members, ELECTION_TIMEOUT).votersAbleToFormMajority(effects);
    }

    private static FaultEffect delayed(String from, String to, long milliseconds) {
        return new FaultEffect.LinkDelayed(new Link(from, to), Duration.ofMillis(milliseconds));
    }

    private static List<FaultEffect> cutBothWays(String... pairs) {
        List<FaultEffect> effects = new ArrayList<>();
        for (String pair : pairs) {
            Link link = new Link(pair.substring(0, 1), pair.substring(1));
            effects.add(new FaultEffect.LinkCut(link));
            effects.add(new FaultEffect.LinkCut(link.reversed()));
        }
        return effects;
    }

    @Example
    void aWholeClusterCountsWhole() {
        assertThat(voters(THREE, List.of())).isEqualTo(3);
        assertThat(new QuorumGuard(FIVE, ELECTION_TIMEOUT).quorum()).isEqualTo(3);
    }

    @Example
    void aMemberThatIsDownCountsOut() {
        assertThat(voters(THREE, List.of(new FaultEffect.MemberDown("b")))).isEqualTo(2);
    }

    @Example
    void aLinkSlowerThanTheElectionTimeoutIsACut() {
        assertThat(voters(List.of("a", "b"), List.of(delayed("a", "b", 1000)))).isEqualTo(1);
        assertThat(voters(List.of("a", "b"), List.of(delayed("a", "b", 500), delayed("b", "a", 500))))
                .isEqualTo(1);
        assertThat(voters(List.of("a", "b"), List.of(delayed("a", "b", 999)))).isEqualTo(2);
    }

    @Example
    void delaysOfSeveralFaultsOnOneLinkAddUp() {
        assertThat(voters(List.of("a", "b"), List.of(delayed("a", "b", 600), delayed("a", "b", 600))))
                .isEqualTo(1);
    }

    @Example
    void everyLinkSlowLeavesEachMemberAlone() {
        List<FaultEffect> slow = new ArrayList<>();
        for (String from : THREE) {
            for (String to : THREE) {
                if (!from.equals(to)) {
                    slow.add(delayed(from, to, 1500));
                }
            }
        }
        assertThat(voters(THREE, slow)).isEqualTo(1);
    }

    @Example
    void aCutInOneDirectionIsACutBecauseVotesAndAnswersGoThereAndBack() {
        assertThat(voters(
                        THREE,
                        List.of(
                                new FaultEffect.LinkCut(new Link("a", "b")),
                                new FaultEffect.LinkCut(new Link("a", "c")))))
                .isEqualTo(2);
    }

    @Example
    void aBridgeKeepsTheMajorityThatItReaches() {
        assertThat(voters(FIVE, cutBothWays("ac", "ad", "bc", "bd"))).isEqualTo(5);
    }

    @Example
    void aRingOfFiveLeavesEachWithItsTwoNeighbours() {
        assertThat(voters(FIVE, cutBothWays("ac", "ad", "bd", "be", "ce"))).isEqualTo(3);
    }

    @Property
    void agreesWithTryingEverySetOfVoters(@ForAll("effects") List<FaultEffect> effects) {
        QuorumGuard guard = new QuorumGuard(FIVE, ELECTION_TIMEOUT);
        int best = IntStream.range(1, 1 << FIVE.size())
                .filter(set -> couldCommit(set, effects))
                .map(Integer::bitCount)
                .max()
                .orElse(0);

        assertThat(guard.votersAbleToFormMajority(effects)).isEqualTo(best);
        assertThat(guard.tolerates(effects)).isEqualTo(best >= 3);
    }

    /** By the definition: some member of the set hears every other one and is heard by it, in time. */
    private static boolean couldCommit(int set, List<FaultEffect> effects) {
        List<String> voters = IntStream.range(0, FIVE.size())
                .filter(member -> (set & 1 << member) != 0)
                .mapToObj(FIVE::get)
                .toList();
        return voters.stream().noneMatch(voter -> effects.contains(new FaultEffect.MemberDown(voter)))
                && voters.stream()
                        .anyMatch(leader -> voters.stream()
                                .filter(voter -> !voter.equals(leader))
                                .allMatch(voter ->
                                        roundTrip(leader, voter, effects).compareTo(ELECTION_TIMEOUT) < 0));
    }

    private static Duration roundTrip(String one, String other, List<FaultEffect> effects) {
        Duration total = Duration.ZERO;
        for (Link way : List.of(new Link(one, other), new Link(other, one))) {
            for (FaultEffect effect : effects) {
                if (effect.equals(new FaultEffect.LinkCut(way))) {
                    return Duration.ofDays(1);
                } else if (effect instanceof FaultEffect.LinkDelayed slow
                        && slow.link().equals(way)) {
                    total = total.plus(slow.delay());
                }
            }
        }
        return total;
    }

    @Provide
    Arbitrary<List<FaultEffect>> effects() {
        Arbitrary<String> member = Arbitraries.of(FIVE);
        Arbitrary<Link> link = Combinators.combine(member, member)
                .filter((from, to) -> !from.equals(to))
                .as(Link::new);
        Arbitrary<FaultEffect> down = member.map(FaultEffect.MemberDown::new);
        Arbitrary<FaultEffect> cut = link.map(FaultEffect.LinkCut::new);
        Arbitrary<FaultEffect> slow = Combinators.combine(
                        link, Arbitraries.longs().between(0, 1500).map(Duration::ofMillis))
                .as(FaultEffect.LinkDelayed::new);
        return Arbitraries.oneOf(down, cut, slow).list().ofMaxSize(14);
    }
}
