package dev.etcddrill.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.cluster.sandbox.SandboxRuntime;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.LedgerEntry;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultEffect;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.ResolvedTarget;
import dev.etcddrill.recipe.ClusterRecipe;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of links on a real cluster: seen in exactly its directions, and gone afterwards. */
class FaultsOnLinksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Link THERE = new Link("etcd-1", "etcd-2");
    private static final Link TO_MEMBER = new Link(Link.CLIENTS, "etcd-3");

    @TempDir
    private static Path logs;

    private static SandboxRuntime runtime;
    private static EtcdCluster cluster;

    private final RememberedFaults record = new RememberedFaults();
    private final List<FaultEvent> events = record.events();
    private final List<LedgerEntry> ledger = record.ledger();
    private final FaultInjector injector = new FaultInjector(cluster, record, FaultTypes.installed());

    @BeforeAll
    static void startACluster() {
        PreparedRun prepared = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)));
        runtime = SandboxRuntime.enter(prepared.work(), prepared.toxiproxy());
        ClusterRecipe recipe =
                ClusterRecipe.read(Path.of(System.getProperty("reactor.root"), "recipes/guide-3-node.yaml"));
        cluster = EtcdCluster.create(
                runtime,
                "cluster-1",
                recipe,
                Deployment.render(recipe, PublicKeyInfrastructure.issue(recipe, Clock.systemUTC(), new SecureRandom())),
                prepared.distribution(recipe.etcd().version()),
                Set.of(Capability.LINK_FAULTS, Capability.PARTITIONS),
                member -> logs.resolve(member + ".log"),
                (member, expected, exitCode) -> {});
        cluster.start(PATIENCE);
    }

    @AfterAll
    static void remove() {
        cluster.close();
        runtime.close();
    }

    @AfterEach
    void everyLinkIsFreeAgain() {
        injector.close();
        for (Member member : cluster.members()) {
            HostNetwork network = member.host().network();
            for (Member other : cluster.members()) {
                if (!other.equals(member)) {
                    assertThat(network.hears(other.name())).isTrue();
                    assertThat(network.proxies()
                                    .peerControl()
                                    .toxics(network.proxies().peerProxy(other.name())))
                            .isEmpty();
                }
            }
            assertThat(network.hears(HostNetwork.CLIENTS)).isTrue();
            assertThat(network.proxies()
                            .clientControl()
                            .toxics(network.proxies().clientProxy()))
                    .isEmpty();
        }
        assertThat(ledger.stream().filter(entry -> entry.state() == LedgerEntry.State.PENDING))
                .hasSameSizeAs(ledger.stream()
                        .filter(entry -> entry.state() == LedgerEntry.State.DONE)
                        .toList());
    }

    private FaultInjector.ActiveFault inject(String type, FaultTarget target, Map<String, Object> parameters) {
        List<String> members = cluster.members().stream().map(Member::name).toList();
        String leader = cluster.leader().orElse(members.get(0));
        return injector.inject(
                new PlannedFault(type, type, target, parameters), target.resolve(members, leader, new Random(7)), "");
    }

    private FaultEvent event(FaultEvent.Phase phase) {
        return events.stream()
                .filter(event -> event.phase() == phase)
                .findFirst()
                .orElseThrow();
    }

    private void seenAndGone(String type, List<Link> links, Map<String, Object> parameters) {
        FaultInjector.ActiveFault fault = inject(type, new FaultTarget.Links(links), parameters);
        fault.lift();
        fault.awaitGone();

        assertThat(events.stream().map(FaultEvent::phase)).containsExactly(FaultEvent.Phase.values());
        assertThat(event(FaultEvent.Phase.SEEN).links())
                .containsExactlyElementsOf(
                        links.stream().sorted().map(Link::toString).toList());
    }

    /** Between members, from clients, and to clients: six of the first, three of each other. */
    static Stream<Link> everyDirection() {
        List<String> ends = List.of("etcd-1", "etcd-2", "etcd-3", Link.CLIENTS);
        return ends.stream()
                .flatMap(from -> ends.stream().filter(to -> !to.equals(from)).map(to -> new Link(from, to)));
    }

    @ParameterizedTest
    @MethodSource("everyDirection")
    void latencyIsSeenInItsOwnDirectionAndInNoneOfTheOtherEleven(Link direction) {
        seenAndGone(
                FaultTypes.LATENCY,
                List.of(direction),
                Map.of("delay", Duration.ofMillis(300), "jitter", Duration.ofMillis(20)));
        assertThat(event(FaultEvent.Phase.SEEN).detail())
                .startsWith(direction.toString())
                .contains("not so " + direction.reversed())
                .contains("not so on 10 other directions");
    }

    @ParameterizedTest
    @MethodSource("everyDirection")
    void aBlackholeIsSeenInItsOwnDirectionOnly(Link direction) {
        seenAndGone(FaultTypes.BLACKHOLE, List.of(direction), Map.of());
    }

    @Test
    void aBlackholeOfBothDirectionsIsSeen() {
        seenAndGone(FaultTypes.BLACKHOLE, List.of(THERE, THERE.reversed()), Map.of());
        events.clear();
        seenAndGone(FaultTypes.BLACKHOLE, List.of(TO_MEMBER, TO_MEMBER.reversed()), Map.of());
    }

    @Test
    void aCutIsSeenThoughAnotherFaultHoldsTheOtherWay() {
        FaultInjector.ActiveFault there = injector.inject(
                new PlannedFault("there", FaultTypes.CUT, new FaultTarget.Links(List.of(THERE)), Map.of()),
                ResolvedTarget.ofLinks(List.of(THERE)),
                "");
        FaultInjector.ActiveFault back = injector.inject(
                new PlannedFault("back", FaultTypes.CUT, new FaultTarget.Links(List.of(THERE.reversed())), Map.of()),
                ResolvedTarget.ofLinks(List.of(THERE.reversed())),
                "");
        back.lift();
        back.awaitGone();
        there.lift();
        there.awaitGone();
    }

    @Test
    void whatAnotherFaultHoldsIsNotHurtOnceMore() {
        FaultInjector.ActiveFault first =
                inject(FaultTypes.ISOLATE, new FaultTarget.Members(List.of("etcd-1")), Map.of());
        assertThatThrownBy(() -> inject(FaultTypes.CUT, new FaultTarget.Links(List.of(THERE)), Map.of()))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining(
                        "the fault cut of etcd-1 -> etcd-2 would hit what the fault isolate holds already");
        first.lift();
        first.awaitGone();
    }

    @Test
    void aMemberThatIsDownIsNotSeenToBeKilledOnceMore() {
        FaultInjector.ActiveFault killed =
                inject(FaultTypes.KILL, new FaultTarget.Members(List.of("etcd-3")), Map.of());
        assertThatThrownBy(() -> injector.inject("again", FaultTypes.PAUSE, List.of(cluster.member("etcd-3")), ""))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("the fault again is meant for etcd-3, which does not run");
        killed.lift();
        killed.awaitGone();
    }

    @Test
    void aHaltedProcessIsSeenByItsKernel() {
        FaultInjector.ActiveFault halted =
                inject(FaultTypes.PAUSE, new FaultTarget.Members(List.of("etcd-3")), Map.of());
        assertThat(event(FaultEvent.Phase.SEEN).detail()).isEqualTo("the process of etcd-3 halts");
        assertThat(cluster.member("etcd-3").halted()).isTrue();
        halted.lift();
        halted.awaitGone();
        assertThat(cluster.member("etcd-3").halted()).isFalse();
    }

    /** What vanishes by something else never arrives, which is not the same as late. */
    @ParameterizedTest
    @ValueSource(strings = {FaultTypes.LATENCY, FaultTypes.BANDWIDTH, FaultTypes.SLOW_CLOSE})
    void aLinkOnWhichNothingArrivesIsNotSeenAsSlow(String type) {
        HostNetwork receiver = cluster.member("etcd-2").host().network();
        FaultDescription description = FaultTypes.installed().require(type).description();
        PlannedFault fault = description.complete(new PlannedFault(
                "lost",
                type,
                new FaultTarget.Links(List.of(THERE)),
                type.equals(FaultTypes.BANDWIDTH) ? Map.of("rate", 315L) : Map.of("delay", Duration.ofMillis(50))));
        Injection injection =
                FaultTypes.installed().require(type).prepare(fault, ResolvedTarget.ofLinks(List.of(THERE)), cluster);
        receiver.cut("etcd-1");
        try {
            injection.inject();
            assertThat(injection.seen()).isEmpty();
            assertThat(injection.gone()).isEmpty();
        } finally {
            receiver.mend("etcd-1");
            injection.undoSteps().forEach(new Undoer(cluster)::undo);
        }
    }

    @Test
    void aNarrowLinkIsSeen() {
        seenAndGone(FaultTypes.BANDWIDTH, List.of(THERE), Map.of("rate", 60L));
    }

    @Test
    void resetsAreSeen() {
        seenAndGone(FaultTypes.RESET, List.of(THERE), Map.of("after", Duration.ZERO));
    }

    @Test
    void aSlowCloseIsSeen() {
        seenAndGone(FaultTypes.SLOW_CLOSE, List.of(THERE), Map.of("delay", Duration.ofMillis(300)));
    }

    @Test
    void aCutIsSeenInItsOwnDirectionOnly() {
        seenAndGone(FaultTypes.CUT, List.of(THERE), Map.of());
    }

    @Test
    void aMemberIsIsolatedAndAnswersOnlyFromItsOwnState() {
        FaultInjector.ActiveFault fault = inject(FaultTypes.ISOLATE, new FaultTarget.Leader(), Map.of());
        Member isolated = cluster.member(events.get(0).members().get(0));
        try (MemberClient client = cluster.connect(isolated)) {
            assertThat(client.send(new Request.Get("key", Request.Consistency.SERIALIZABLE), Duration.ofSeconds(2)))
                    .isInstanceOf(Outcome.Ok.class);
            assertThat(client.send(new Request.Get("key", Request.Consistency.LINEARIZABLE), Duration.ofSeconds(2)))
                    .isNotInstanceOf(Outcome.Ok.class);
        }
        fault.lift();
        fault.awaitGone();

        assertThat(event(FaultEvent.Phase.SEEN).links()).hasSize(4);
    }

    @Test
    void clientsAreCutFromAMemberWhosePeersStillHearIt() {
        FaultInjector.ActiveFault fault =
                inject(FaultTypes.CUT_CLIENTS, new FaultTarget.Members(List.of("etcd-3")), Map.of());
        try (MemberClient client = cluster.connect(cluster.member("etcd-3"))) {
            assertThat(client.send(new Request.Get("key", Request.Consistency.SERIALIZABLE), Duration.ofMillis(500)))
                    .isInstanceOf(Outcome.class)
                    .isNotInstanceOf(Outcome.Ok.class);
        }
        assertThat(cluster.member("etcd-1").host().network().hears("etcd-3")).isTrue();
        fault.lift();
        fault.awaitGone();
    }

    @Test
    void latencyThatIsInTheOtherDirectionTooIsNotSeenAsWhatItShouldBeAndIsUndone() {
        HostNetwork network = cluster.member("etcd-1").host().network();
        LinkToxic tooMuch = new LinkToxic.Delay(Duration.ofMillis(300), Duration.ZERO);
        PlannedFault fault = new PlannedFault(
                "both-ways",
                FaultTypes.LATENCY,
                new FaultTarget.Links(List.of(THERE)),
                Map.of("delay", Duration.ofMillis(300), "jitter", Duration.ZERO));
        Injection injection = new LatencyFault().prepare(fault, ResolvedTarget.ofLinks(List.of(THERE)), cluster);
        injection.inject();
        network.proxies().peerControl().addToxic(network.proxies().peerProxy("etcd-2"), "mistake", false, tooMuch);
        try {
            assertThat(injection.seen()).isEmpty();
        } finally {
            network.proxies().peerControl().removeToxic(network.proxies().peerProxy("etcd-2"), "mistake");
        }
        assertThat(injection.seen()).isPresent();
        injection.undoSteps().forEach(new Undoer(cluster)::undo);
        assertThat(injection.gone()).isPresent();
    }

    @Test
    void aFaultTypeOfAUsersOwnJarIsFoundDoneAndUndone() {
        FaultInjector.ActiveFault fault =
                inject("lost-file", new FaultTarget.Members(List.of("etcd-1", "etcd-2")), Map.of());
        assertThat(cluster.member("etcd-1")
                        .run(Duration.ofSeconds(10), "/usr/local/bin/etcd-backup.sh")
                        .exitCode())
                .isEqualTo(127);
        fault.lift();
        fault.awaitGone();
        assertThat(cluster.member("etcd-1")
                        .run(Duration.ofSeconds(10), "test", "-x", "/usr/local/bin/etcd-backup.sh")
                        .exitCode())
                .isZero();
    }

    @Test
    void theRestIsUndoneLastInFirstOutEvenIfOneUndoFails() {
        UndoStep first = new UndoStep.MendLink(THERE);
        UndoStep impossible = new UndoStep.MendLink(new Link("etcd-1", "nobody"));
        UndoStep last = new UndoStep.MendLink(TO_MEMBER);
        PlannedFault fault =
                new PlannedFault("half-broken", FaultTypes.CUT, new FaultTarget.Links(List.of(THERE)), Map.of());
        FaultInjector broken = new FaultInjector(
                cluster, record, FaultTypes.of(List.of(new CutWith(List.of(first, impossible, last)))));
        broken.inject(fault, ResolvedTarget.ofLinks(List.of(THERE)), "");

        assertThatThrownBy(broken::close)
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("mend of etcd-1 -> nobody")
                .hasMessageContaining("the cluster has no member nobody");

        assertThat(ledger.stream().filter(entry -> entry.state() != LedgerEntry.State.PENDING))
                .extracting(LedgerEntry::target, LedgerEntry::state)
                .containsExactly(
                        tuple(last.target(), LedgerEntry.State.DONE),
                        tuple(impossible.target(), LedgerEntry.State.FAILED),
                        tuple(first.target(), LedgerEntry.State.DONE));
        assertThat(cluster.member("etcd-2").host().network().hears("etcd-1")).isTrue();
        ledger.clear();
    }

    @Test
    void everyUndoStepIsWrittenBeforeTheHarmIsDone() {
        inject(FaultTypes.CUT, new FaultTarget.Links(List.of(THERE)), Map.of()).lift();

        assertThat(ledger.get(0).state()).isEqualTo(LedgerEntry.State.PENDING);
        assertThat(ledger.get(0).target()).isEqualTo(THERE.toString());
        assertThat(ledger.get(0).at())
                .isLessThanOrEqualTo(event(FaultEvent.Phase.INJECTED).at());
    }

    /** A cut that says it needs other steps to be undone. */
    private record CutWith(List<UndoStep> steps) implements FaultType {
        @Override
        public FaultDescription description() {
            return new CutFault().description();
        }

        @Override
        public List<FaultEffect> effects(PlannedFault fault, ResolvedTarget target, List<String> members) {
            return List.of();
        }

        @Override
        public Injection prepare(PlannedFault fault, ResolvedTarget target, EtcdCluster etcd) {
            Injection cut = new CutFault().prepare(fault, target, etcd);
            return new Injection() {
                @Override
                public List<UndoStep> undoSteps() {
                    return steps;
                }

                @Override
                public void inject() {
                    cut.inject();
                }

                @Override
                public Optional<String> seen() {
                    return cut.seen();
                }

                @Override
                public Optional<String> gone() {
                    return cut.gone();
                }
            };
        }
    }
}
