package dev.etcddrill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanForecastTest {
    private static final Trigger AT_ONCE = new Trigger.Elapsed(Duration.ZERO);
    private static final List<String> MEMBERS = List.of("a", "b", "c");

    /** A fault takes its members down, or cuts its links. */
    private static final PlanRules RULES = new PlanRules(
            Map.of(),
            (fault, target, members) -> java.util.stream.Stream.concat(
                            target.members().stream().map(FaultEffect.MemberDown::new),
                            target.links().stream().map(FaultEffect.LinkCut::new))
                    .map(FaultEffect.class::cast)
                    .toList(),
            type -> type.equals("probed"),
            type -> type.equals("restarting"),
            MEMBERS,
            Duration.ofSeconds(1),
            "sandbox",
            need -> Optional.empty());

    private static PlannedFault fault(String id, FaultTarget target) {
        return new PlannedFault(id, "down", target, Map.of());
    }

    private static PlannedFault probed(String id, FaultTarget target) {
        return new PlannedFault(id, "probed", target, Map.of());
    }

    private static final PlannedFault LEADER = fault("leader", new FaultTarget.Leader());
    private static final PlannedFault FOLLOWER = fault("follower", new FaultTarget.Followers(1));

    @Test
    void countsAfterEveryStep() {
        FaultPlan plan = FaultPlan.named("two")
                .inject(LEADER, AT_ONCE)
                .lift("leader", AT_ONCE)
                .inject(FOLLOWER, AT_ONCE)
                .build();

        assertThat(PlanForecast.of(plan, RULES).votersAbleToFormMajority()).containsExactly(2, 3, 2);
    }

    @Test
    void takesTheWorstOfWhoMayLeadAndWhoMayBeDrawn() {
        // The follower that is drawn may be any, the member cut off is c: together they may leave one.
        FaultPlan plan = FaultPlan.named("worst")
                .inject(fault("c-away", new FaultTarget.Members(List.of("c"))), AT_ONCE)
                .inject(FOLLOWER, AT_ONCE)
                .build();

        assertThat(PlanForecast.of(plan, RULES).votersAbleToFormMajority()).containsExactly(2, 1);
    }

    /** Three to the power of thirty ways to draw followers come to seven sets of members. */
    @Test
    void manyFaultsWithDrawnTargetsAreCountedAllTheSame() {
        FaultPlan.Builder builder = FaultPlan.named("many");
        for (int number = 0; number < 30; number++) {
            builder.inject(fault("follower-" + number, new FaultTarget.Followers(1)), AT_ONCE);
        }

        assertThat(PlanForecast.of(builder.build(), RULES).votersAbleToFormMajority())
                .startsWith(2, 1, 0)
                .hasSize(30)
                .endsWith(0);
    }

    @Test
    void delaysOfOneDirectionAddUp() {
        FaultTarget link = new FaultTarget.Links(List.of(new Link("a", "b"), new Link("a", "c"), new Link("b", "c")));
        PlanRules slow = new PlanRules(
                Map.of(),
                (fault, target, members) -> target.links().stream()
                        .map(one -> (FaultEffect) new FaultEffect.LinkDelayed(one, Duration.ofMillis(600)))
                        .toList(),
                type -> false,
                type -> false,
                MEMBERS,
                Duration.ofSeconds(1),
                "sandbox",
                need -> Optional.empty());
        FaultPlan plan = FaultPlan.named("slow")
                .inject(fault("one", link), AT_ONCE)
                .inject(fault("two", link), AT_ONCE)
                .build();

        assertThat(PlanForecast.of(plan, slow).votersAbleToFormMajority()).containsExactly(3, 1);
    }

    @Test
    void aPlanBeyondQuorumIsRefusedUnlessItSaysSo() {
        FaultPlan.Builder builder =
                FaultPlan.named("too-much").inject(LEADER, AT_ONCE).inject(FOLLOWER, new Trigger.AcknowledgedWrites(5));
        PlanForecast refused = PlanForecast.of(builder.build(), RULES);

        assertThat(refused.refused()).isTrue();
        assertThat(refused.stepsBeyondQuorum()).containsExactly(2);
        assertThat(refused.lines())
                .anyMatch(line -> line.contains("1 of 3, needs 2") && line.contains("after 5 acknowledged writes"))
                .anyMatch(line -> line.startsWith("Refused: after step 2 no majority can be formed"));
        assertThat(PlanForecast.of(builder.beyondQuorum().build(), RULES).refused())
                .isFalse();
    }

    @Test
    void linksOfTheLeaderAreCountedForWhoeverLeads() {
        FaultPlan plan = FaultPlan.named("mute")
                .inject(
                        fault(
                                "mute",
                                new FaultTarget.LinksOfMember(new FaultTarget.Leader(), FaultTarget.Direction.OUT)),
                        AT_ONCE)
                .build();

        assertThat(PlanForecast.of(plan, RULES).votersAbleToFormMajority()).containsExactly(2);
    }

    @Test
    void aPlanTellsAllMistakesInItsSteps() {
        assertThatThrownBy(() -> FaultPlan.named("wrong")
                        .inject(LEADER, AT_ONCE)
                        .inject(LEADER, AT_ONCE)
                        .lift("nobody", AT_ONCE)
                        .build())
                .hasMessageContaining("step 2: the fault leader is in force already")
                .hasMessageContaining("step 3: there is no fault nobody; the plan's are leader");
    }

    @Test
    void faultsOfTheSameThingContradictEachOtherOnlyWhereTheyMustMeet() {
        PlannedFault first = fault("first", new FaultTarget.Members(List.of("a")));
        PlannedFault second = fault("second", new FaultTarget.Members(List.of("a", "b")));

        assertThat(RULES.contradictory(first, second)).isTrue();
        assertThat(RULES.contradictory(first, LEADER)).isFalse();
        assertThat(RULES.contradictory(
                        fault("one-way", new FaultTarget.Links(List.of(new Link("a", "b")))),
                        fault("other-way", new FaultTarget.Links(List.of(new Link("b", "a"))))))
                .isFalse();
        assertThat(RULES.contradictory(
                        fault("one-way", new FaultTarget.Links(List.of(new Link("a", "b")))),
                        fault("all", new FaultTarget.AllLinks())))
                .isTrue();
    }

    @Test
    void faultsOfOneClientLinkContradictEachOtherAndTakeNoVoter() {
        FaultTarget clients =
                new FaultTarget.ClientLinks(new FaultTarget.Members(List.of("a")), FaultTarget.Direction.IN);
        PlannedFault some = fault("some", clients);
        PlannedFault all =
                fault("all", new FaultTarget.ClientLinks(new FaultTarget.AllMembers(), FaultTarget.Direction.BOTH));

        assertThat(RULES.contradictory(some, all)).isTrue();
        assertThat(RULES.contradictory(
                        some, fault("back", new FaultTarget.Links(List.of(new Link("a", Link.CLIENTS))))))
                .isFalse();
        assertThat(PlanForecast.of(
                                FaultPlan.named("clients").inject(all, AT_ONCE).build(), RULES)
                        .votersAbleToFormMajority())
                .containsExactly(3);
    }

    @Test
    void linksOfAMemberThatIsDownCannotBeSeenToChange() {
        PlannedFault down = fault("down", new FaultTarget.Members(List.of("a")));
        PlannedFault link = probed("link", new FaultTarget.Links(List.of(new Link("b", "a"))));
        PlannedFault elsewhere = probed("elsewhere", new FaultTarget.Links(List.of(new Link("b", "c"))));
        PlannedFault packets = fault("packets", new FaultTarget.Links(List.of(new Link("b", "a"))));

        assertThat(RULES.mistakes(FaultPlan.named("late")
                        .inject(down, AT_ONCE)
                        .inject(elsewhere, AT_ONCE)
                        .inject(link, AT_ONCE)
                        .lift("down", AT_ONCE)
                        .build()))
                .singleElement()
                .satisfies(
                        mistake -> assertThat(mistake.text())
                                .startsWith("injecting link could not be seen: down has a member at the end of its"),
                        mistake -> assertThat(mistake.step()).isEqualTo(2));
        assertThat(RULES.mistakes(FaultPlan.named("early")
                        .inject(link, AT_ONCE)
                        .inject(down, AT_ONCE)
                        .lift("link", AT_ONCE)
                        .build()))
                .singleElement()
                .satisfies(
                        mistake -> assertThat(mistake.text()).startsWith("lifting link could not be seen"),
                        mistake -> assertThat(mistake.step()).isEqualTo(2));
        assertThat(RULES.mistakes(FaultPlan.named("counted-by-the-kernel")
                        .inject(down, AT_ONCE)
                        .inject(packets, AT_ONCE)
                        .build()))
                .isEmpty();
        assertThat(RULES.mistakes(FaultPlan.named("nested")
                        .inject(link, AT_ONCE)
                        .inject(down, AT_ONCE)
                        .build()))
                .isEmpty();
    }

    /** Some faults start a member in order to hurt it. */
    @Test
    void aMemberIsNotStartedByAFaultEitherWhereItFindsNoMajorityOrNobodyCanAskIt() {
        PlannedFault restarting =
                new PlannedFault("restart", "restarting", new FaultTarget.Members(List.of("a")), Map.of());
        FaultTarget.Members member = new FaultTarget.Members(List.of("a"));
        PlannedFault cut = fault("cut", new FaultTarget.LinksOfMember(member, FaultTarget.Direction.OUT));
        PlannedFault clients = fault("clients", new FaultTarget.ClientLinks(member, FaultTarget.Direction.OUT));

        assertThat(mistakesOf(restarting, cut)).singleElement().satisfies(mistake -> {
            assertThat(mistake.text()).startsWith("injecting restart could not be seen: a member that it starts finds");
            assertThat(mistake.step()).isEqualTo(1);
        });
        assertThat(mistakesOf(restarting, clients))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.text())
                        .startsWith("injecting restart could not be seen: nobody can ask its members while clients"));
        assertThat(mistakesOf(fault("down", member), cut)).isEmpty();
    }

    /** The first is lifted after the other one. */
    private static List<PlanRules.Mistake> mistakesOf(PlannedFault fault, PlannedFault before) {
        return RULES.mistakes(FaultPlan.named("start")
                .inject(before, AT_ONCE)
                .inject(fault, AT_ONCE)
                .lift(before.id(), AT_ONCE)
                .build());
    }

    /** In etcd a member that was started serves nobody until it has joined a majority. */
    @Test
    void aMemberIsNotStartedWhereItFindsNoMajority() {
        PlannedFault down = fault("down", new FaultTarget.Members(List.of("a")));
        PlannedFault cut = fault(
                "cut", new FaultTarget.LinksOfMember(new FaultTarget.Members(List.of("a")), FaultTarget.Direction.OUT));

        assertThat(RULES.mistakes(FaultPlan.named("alone")
                        .inject(cut, AT_ONCE)
                        .inject(down, AT_ONCE)
                        .build()))
                .singleElement()
                .satisfies(
                        mistake -> assertThat(mistake.text())
                                .startsWith("lifting down could not be seen: a member that it starts finds no majority")
                                .contains("while cut is in force"),
                        mistake -> assertThat(mistake.step()).isEqualTo(2));
        assertThat(RULES.mistakes(FaultPlan.named("in-order")
                        .inject(cut, AT_ONCE)
                        .lift("cut", AT_ONCE)
                        .inject(down, AT_ONCE)
                        .build()))
                .isEmpty();
    }

    @Test
    void noStepWaitsForWritesThatNobodyCanAcknowledge() {
        Trigger writes = new Trigger.AcknowledgedWrites(5);
        PlannedFault all = fault("all", new FaultTarget.AllMembers());
        PlannedFault clients =
                fault("clients", new FaultTarget.ClientLinks(new FaultTarget.AllMembers(), FaultTarget.Direction.IN));

        for (PlannedFault fault : List.of(all, clients)) {
            assertThat(RULES.mistakes(FaultPlan.named("stuck")
                            .beyondQuorum()
                            .inject(fault, writes)
                            .lift(fault.id(), writes)
                            .build()))
                    .extracting(PlanRules.Mistake::step)
                    .containsExactly(1);
        }
        assertThat(RULES.mistakes(FaultPlan.named("goes-on")
                        .inject(LEADER, writes)
                        .lift("leader", writes)
                        .build()))
                .isEmpty();
    }

    @Test
    void whereNothingComesBackAFaultThatIsProbedByConnectionsCannotBeSeen() {
        PlannedFault there = probed("there", new FaultTarget.Links(List.of(new Link("a", "b"))));
        PlannedFault back = fault("back", new FaultTarget.Links(List.of(new Link("b", "a"))));

        assertThat(RULES.contradictory(there, back)).isTrue();
        assertThat(RULES.contradictory(back, there)).isTrue();
        assertThat(RULES.contradictory(there, fault("elsewhere", new FaultTarget.Links(List.of(new Link("c", "a"))))))
                .isFalse();
    }

    @Test
    void aMemberIsNotLiftedWhileNobodyCanAskIt() {
        PlannedFault down = fault("down", new FaultTarget.Members(List.of("a")));
        PlannedFault clients = fault(
                "clients",
                new FaultTarget.ClientLinks(new FaultTarget.Members(List.of("a", "b")), FaultTarget.Direction.IN));

        assertThat(RULES.mistakes(FaultPlan.named("unasked")
                        .inject(clients, AT_ONCE)
                        .inject(down, AT_ONCE)
                        .build()))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.text())
                        .startsWith("lifting down could not be seen: nobody can ask its members while clients"));
    }

    @Test
    void noStepWaitsForWritesThatTakeLongerThanClientsWait() {
        Trigger writes = new Trigger.AcknowledgedWrites(5);
        for (int delay : new int[] {200, 300}) {
            PlanRules slow = new PlanRules(
                    Map.of(),
                    (fault, target, members) -> target.links().stream()
                            .map(one -> (FaultEffect) new FaultEffect.LinkDelayed(one, Duration.ofMillis(delay)))
                            .toList(),
                    type -> true,
                    type -> false,
                    MEMBERS,
                    Duration.ofSeconds(1),
                    "sandbox",
                    need -> Optional.empty());
            for (FaultTarget target : List.of(
                    new FaultTarget.AllLinks(),
                    new FaultTarget.ClientLinks(new FaultTarget.AllMembers(), FaultTarget.Direction.BOTH))) {
                assertThat(slow.mistakes(FaultPlan.named("slow")
                                .inject(probed("slow", target), writes)
                                .lift("slow", writes)
                                .build()))
                        .as(delay + " ms on " + target)
                        .hasSize(delay == 300 ? 1 : 0);
            }
        }
    }
}
