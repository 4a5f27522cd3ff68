package dev.etcddrill.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.LinkToxic;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.cluster.sandbox.SandboxRuntime;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.deployment.DeploymentFile;
import dev.etcddrill.deployment.FileContent;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.DrillConsole;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.drill.DrillSession;
import dev.etcddrill.drill.PreparedRun;
import dev.etcddrill.fault.FaultInjector;
import dev.etcddrill.fault.FaultTypes;
import dev.etcddrill.history.Request;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.run.DrillVerdict;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunJudge;
import dev.etcddrill.workload.OperationCounter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each drill on a cluster that is broken on purpose: the run must fail by the check that is there for it, leave a report,
 * and be judged the same again.
 */
class NegativeControlsIT {
    private static final Path ROOT = Path.of(System.getProperty("reactor.root"));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String UNTOLD = "nobody-said-so";

    /** On what a member hears: Raft's streams are dialled by the receiver. */
    private static final LinkToxic UNTOLD_DELAY = new LinkToxic.Delay(Duration.ofMillis(150), Duration.ZERO);

    private static PreparedRun prepared;
    private static SandboxRuntime runtime;

    @BeforeAll
    static void enterTheSandbox() {
        prepared = PreparedRun.read(Path.of(System.getProperty(PreparedRun.PROPERTY)));
        runtime = SandboxRuntime.enter(prepared.work(), prepared.toxiproxy());
    }

    @AfterAll
    static void leave() {
        runtime.close();
    }

    @Test
    void unsyncedWritesAreLostWithThePower() {
        assumeTrue(
                runtime.obstacle(Capability.POWER_LOSS).isEmpty(),
                () -> "power loss " + runtime.obstacle(Capability.POWER_LOSS).get());

        Outcome outcome = run(
                "unsafe-no-fsync",
                PowerLossDrill.DEFINITION,
                DrillSession.DeploymentChange.NONE,
                drill -> PowerLossDrill.attempt(
                        drill, PowerLossDrill.ALL, drill.recipe().members().size(), 1));

        // Members that lost unlike parts of their logs may not come back at all, and then nobody can be asked for
        // writes.
        assertThat(outcome.failedChecks())
                .contains("unsafe-settings")
                .containsAnyOf("durability", "power-loss", "recovery");
    }

    @Test
    void anObjectiveThatCannotBeKeptAfterLosingTheLeader() throws IOException {
        Outcome outcome = run(
                "unkeepable-objective",
                LeaderLostDrill.DEFINITION,
                DrillSession.DeploymentChange.NONE,
                drill -> LeaderLostDrill.run(drill, 1));

        assertThat(outcome.failedChecks()).containsExactly("leader-loss");
        // Each of them was killed at some time, or at least saw the others killed.
        try (Stream<Path> files = Files.find(outcome.run(), 8, (path, attributes) -> path.endsWith("metrics.txt"))) {
            assertThat(files.toList())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .contains("etcd_server_proposals_committed_total ", "process_resident_memory_bytes "));
        }
    }

    @Test
    void anObjectiveThatCannotBeKeptByTheSurvivors() {
        Outcome outcome = run(
                "unkeepable-objective",
                QuorumToleranceDrill.DEFINITION,
                DrillSession.DeploymentChange.NONE,
                drill -> QuorumToleranceDrill.attempt(drill, new QuorumToleranceDrill.KillClass(3, 1, true), 1));

        assertThat(outcome.failedChecks()).containsExactly("quorum-tolerance");
    }

    @Test
    void aBackupScriptThatShipsATruncatedSnapshot() {
        Outcome outcome = run(
                "truncated-backup",
                SnapshotRestoreDrill.DEFINITION,
                overlay("truncated-backup"),
                drill -> SnapshotRestoreDrill.beside(drill, 1));

        assertThat(outcome.failedChecks()).containsExactlyInAnyOrder("backup", "restore");
    }

    @Test
    void aRestoreScriptWithoutRevisionBump() {
        Outcome outcome = run(
                "restore-without-revision-bump",
                SnapshotRestoreDrill.DEFINITION,
                overlay("restore-without-revision-bump"),
                drill -> SnapshotRestoreDrill.inPlace(drill, 1));

        assertThat(outcome.failedChecks()).containsExactly("restore");
    }

    @Test
    void aBackupScriptThatAsksItsOwnMemberOnly() {
        Outcome outcome = run(
                "../guide-3-node",
                SnapshotRestoreDrill.DEFINITION,
                NegativeControlsIT::withBackupsOfOwnMember,
                drill -> SnapshotRestoreDrill.cutOff(drill, 1));

        assertThat(outcome.failedChecks()).containsExactly("backup");
    }

    private static Deployment withBackupsOfOwnMember(Deployment deployment) {
        String choice = "  local source\n  choose_source\n";
        return changed(deployment, "/usr/local/bin/etcd-backup.sh", (member, text) -> {
            assertThat(text).contains(choice);
            return text.replace(choice, "  local source=\"${ENDPOINTS[" + (member - 1) + "]}\"\n");
        });
    }

    /** A file of every member with another text, made from the member's number and the rendered text. */
    private static Deployment changed(Deployment deployment, String path, BiFunction<Integer, String, String> change) {
        Deployment changed = deployment;
        for (int member = 1; member <= 3; member++) {
            DeploymentFile file = deployment.requireFile("etcd-" + member, path);
            changed = changed.withFile(file.withContent(
                    FileContent.ofText(change.apply(member, file.content().text()))));
        }
        return changed;
    }

    @Test
    void aMemberThatNothingKeepsFromComingBackWithoutItsData() {
        Outcome outcome = run(
                "../guide-3-node",
                DataLossDrill.DEFINITION,
                NegativeControlsIT::withoutDataGuard,
                drill -> DataLossDrill.attempt(drill, new DataLossDrill.Loss(DataLossDrill.Kind.LOST, 1, 3), 1));

        // Whether it panics first or rejoins at once depends on who leads.
        assertThat(outcome.failedChecks()).contains("data-loss");
    }

    @Test
    void aMemberThatNothingKeepsFromComingBackWithAnOlderCopy() {
        Outcome outcome = run(
                "../guide-3-node",
                DataLossDrill.DEFINITION,
                NegativeControlsIT::withoutDataGuard,
                drill -> DataLossDrill.attempt(drill, new DataLossDrill.Loss(DataLossDrill.Kind.OLDER_COPY, 1, 3), 1));

        assertThat(outcome.failedChecks()).contains("data-loss");
    }

    /** The form that a first member rendered by kubeadm keeps for ever (kubernetes-sigs/kubespray 13261). */
    @Test
    void aMemberWhoseFilesNameNobodyElseFoundsAClusterOfItsOwn() {
        Outcome outcome = run(
                "../guide-3-node",
                DataLossDrill.DEFINITION,
                deployment -> changed(
                        withoutDataGuard(deployment), "/usr/local/bin/etcd-bootstrap-complete.sh", (member, text) ->
                                """
                                #!/bin/sh
                                [ ! -e /root/closed ] || exec sed -i 's/^initial-cluster-state: .*/initial-cluster-state: existing/' /etc/etcd/etcd.conf.yml
                                sed -i "s|^initial-cluster: .*|initial-cluster: 'etcd-%1$d=https://10.0.1.1%2$d:2380'|" /etc/etcd/etcd.conf.yml
                                touch /root/closed
                                """.formatted(member, member - 1)),
                drill -> DataLossDrill.attempt(drill, new DataLossDrill.Loss(DataLossDrill.Kind.LOST, 1, 3), 1));

        assertThat(outcome.failedChecks()).contains("data-loss", "identity");
    }

    private static Deployment withoutDataGuard(Deployment deployment) {
        return changed(deployment, "/etc/systemd/system/etcd.service", (member, text) -> {
            assertThat(text).contains("etcd-data-guard.sh start", "etcd-data-guard.sh stop");
            return text.lines()
                    .filter(line -> !line.contains("etcd-data-guard.sh"))
                    .collect(Collectors.joining("\n", "", "\n"));
        });
    }

    /** A member that was never started again has no segment on record: its disk dies under it, and its unit finds nothing. */
    @Test
    void aGuardThatTakesLostDataForDataThatWasNeverThere() {
        Outcome outcome = run(
                "../guide-3-node",
                DataLossDrill.DEFINITION,
                deployment -> changed(deployment, "/usr/local/bin/etcd-data-guard.sh", (member, text) -> {
                    String doubt = "  if [[ $segment == none ]] || is_older";
                    assertThat(text).contains(doubt);
                    return text.replace(
                            doubt,
                            "  if [[ $segment == none && $last == none ]]; then record empty; return 0; fi\n" + doubt);
                }),
                drill -> DataLossDrill.attempt(
                        drill, new DataLossDrill.Loss(DataLossDrill.Kind.LOST_UNDER_IT, 1, 3), 1));

        assertThat(outcome.failedChecks()).contains("data-loss");
    }

    @Test
    void twoMembersWithEachOthersCertificates() {
        Outcome outcome = run(
                "../guide-3-node",
                LeaderLostDrill.DEFINITION,
                NegativeControlsIT::withSwappedCertificates,
                drill -> LeaderLostDrill.run(drill, 1));

        assertThat(outcome.failedChecks()).containsExactly("formation");
    }

    private static Deployment withSwappedCertificates(Deployment deployment) {
        Deployment swapped = deployment;
        for (String name : List.of("server.crt", "server.key", "peer.crt", "peer.key")) {
            DeploymentFile first = deployment.requireFile("etcd-1", "/etc/etcd/pki/" + name);
            DeploymentFile second = deployment.requireFile("etcd-2", "/etc/etcd/pki/" + name);
            swapped =
                    swapped.withFile(first.withContent(second.content())).withFile(second.withContent(first.content()));
        }
        return swapped;
    }

    /** An operator who means well starts a member that has no leader with force-new-cluster; it then decides alone. */
    @Test
    void aMemberThatIsMadeAClusterOfItsOwnWhereItHasNoLeader() {
        Outcome outcome = run(
                "../guide-3-node",
                CutsDrill.DEFINITION,
                DrillSession.DeploymentChange.NONE,
                drill -> CutsDrill.attempt(
                        drill,
                        CutsDrill.LEADER_ISOLATED,
                        drill.seed("negative"),
                        List.of("isolate the leader, start it with force-new-cluster"),
                        attempt -> {
                            FaultInjector.ActiveFault isolated = attempt.inject(
                                    new PlannedFault("alone", FaultTypes.ISOLATE, new FaultTarget.Leader(), Map.of()),
                                    new Random(prepared.seed()));
                            Member alone = attempt.etcd().member(isolated.hurt().get(0));
                            alone.kill();
                            assertThat(alone.run(
                                                    PATIENCE,
                                                    "sed",
                                                    "-i",
                                                    "$ a force-new-cluster: true",
                                                    "/etc/etcd/etcd.conf.yml")
                                            .exitCode())
                                    .isZero();
                            OperationCounter counter = attempt.counter();
                            alone.start();
                            assertThat(counter.await(
                                            counts -> counts.of(alone.name()).acknowledgedWrites() >= 5, PATIENCE))
                                    .isTrue();
                            isolated.lift();
                        }));

        assertThat(outcome.failedChecks()).contains("cuts");
    }

    /** Something else on the way is slow, too: a link that no fault of the plan names. */
    @Test
    void aLinkThatIsSlowThoughNoFaultSaysSo() {
        Outcome outcome = run(
                "../guide-3-node",
                LatencyDrill.DEFINITION,
                DrillSession.DeploymentChange.NONE,
                drill -> LatencyDrill.attempt(
                        drill,
                        LatencyDrill.CLIENTS,
                        drill.seed("negative"),
                        List.of("slow one follower's clients, and all peers, of which no record says"),
                        attempt -> {
                            LatencyDrill.awaitWrites(attempt);
                            FaultInjector.ActiveFault clients = attempt.inject(
                                    LatencyDrill.latency(
                                            "clients",
                                            new FaultTarget.ClientLinks(
                                                    new FaultTarget.Followers(1), FaultTarget.Direction.BOTH),
                                            Duration.ofMillis(50)),
                                    new Random(prepared.seed()));
                            for (Member member : attempt.etcd().members()) {
                                peersOf(member, attempt)
                                        .forEach(peer -> member.host()
                                                .network()
                                                .proxies()
                                                .peerControl()
                                                .addToxic(peer, UNTOLD, false, UNTOLD_DELAY));
                            }
                            LatencyDrill.awaitWrites(attempt);
                            for (Member member : attempt.etcd().members()) {
                                peersOf(member, attempt)
                                        .forEach(peer -> member.host()
                                                .network()
                                                .proxies()
                                                .peerControl()
                                                .removeToxic(peer, UNTOLD));
                            }
                            attempt.liftAndRecover(clients);
                        }));

        assertThat(outcome.failedChecks()).contains("latency");
    }

    private static List<String> peersOf(Member member, Attempt attempt) {
        return attempt.etcd().members().stream()
                .filter(other -> !other.equals(member))
                .map(other -> member.host().network().proxies().peerProxy(other.name()))
                .toList();
    }

    /** A job of somebody else's compacts, too. */
    @Test
    void aCompactionThatNobodyAskedFor() {
        Outcome outcome = run(
                "../guide-3-node",
                CompactionDrill.DEFINITION,
                DrillSession.DeploymentChange.NONE,
                drill -> CompactionDrill.attempt(drill, CompactionDrill.Killed.FOLLOWER, 1, attempt -> {
                    Member member = attempt.etcd().members().get(0);
                    try (MemberClient client = attempt.etcd().connect(member)) {
                        long revision = client.status(PATIENCE).header().revision();
                        assertThat(client.send(new Request.Compact(revision, true), PATIENCE))
                                .isInstanceOf(dev.etcddrill.history.Outcome.Ok.class);
                    }
                }));

        assertThat(outcome.failedChecks()).contains("compaction");
    }

    @Test
    void aBackupScriptThatCutsOffWhateverDataThereIs() {
        Outcome outcome = run(
                "truncated-backup",
                SnapshotDataDrill.DEFINITION,
                overlay("truncated-backup"),
                drill -> SnapshotDataDrill.attempt(drill, SnapshotDataDrill.Data.UNUSUAL, 1));

        assertThat(outcome.failedChecks()).containsExactlyInAnyOrder("backup", "restore");
    }

    private static DrillSession.DeploymentChange overlay(String name) {
        return deployment -> {
            try {
                return deployment.withOverlay(ROOT.resolve("recipes/negative/" + name + "/overlay"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** One for each session: each begins to count clusters anew, and logs of two would be one. */
    private static Path newWork() {
        try {
            return Files.createTempDirectory(prepared.work(), "negative-control-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome run(
            String recipe,
            DrillDefinition definition,
            DrillSession.DeploymentChange change,
            Consumer<DrillExecution> drill) {
        Path work = newWork();
        PreparedRun run = new PreparedRun(
                prepared.seed(),
                List.of(ROOT.resolve("recipes/negative/" + recipe + ".yaml").normalize()),
                Set.of(definition.id()),
                1,
                prepared.runtime(),
                prepared.runtimeReason(),
                prepared.runs().resolveSibling("negative-control-runs"),
                work,
                prepared.programs(),
                prepared.toxiproxy(),
                Optional.empty(),
                Optional.empty(),
                "mvn verify -Ddrill.seed=" + prepared.seed());
        DrillSession session = DrillSession.open(
                run, runtime, List.of(definition), new DrillConsole(System.out, false), Clock.systemUTC());
        try (session) {
            DrillExecution execution =
                    session.begin(definition, session.recipesOf(definition).get(0), change);
            drill.accept(execution);
            DrillVerdict verdict = execution.finish();
            assertThat(verdict.verdict()).isInstanceOf(Verdict.Fail.class);
        }
        return judgedAgain(session);
    }

    /** The same verdict offline, and a report although the run failed. */
    private static Outcome judgedAgain(DrillSession session) {
        try {
            RunDirectory directory = RunDirectory.open(session.path());
            var again = RunJudge.withInstalledChecks().judge(directory, false);
            assertThat(again.verdict())
                    .isEqualTo(session.verdict().orElseThrow().verdict());
            assertThat(directory.reportFile()).exists();
            assertThat(Files.readString(directory.reportFile())).contains("FAIL");
            return new Outcome(
                    again.drills().stream()
                            .flatMap(drill -> drill.attempts().stream())
                            .flatMap(attempt -> attempt.results().stream())
                            .filter(result -> result.verdict() instanceof Verdict.Fail)
                            .map(result -> result.check())
                            .collect(Collectors.toSet()),
                    session.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ids of the checks that failed, and the run's directory. */
    private record Outcome(Set<String> failedChecks, Path run) {}
}
