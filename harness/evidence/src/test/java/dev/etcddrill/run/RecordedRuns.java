package dev.etcddrill.run;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.Check;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.LedgerEntry;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Small runs to judge. */
final class RecordedRuns {
    static final Instant STARTED = Instant.parse("2026-11-25T03:00:00Z");
    static final AttemptEvidence.End COMPLETED = new AttemptEvidence.End(true, "");
    static final DrillPlan.Objectives OBJECTIVES = new DrillPlan.Objectives(
            new DrillPlan.Bound(Duration.ofSeconds(3), "stated in the recipe"),
            new DrillPlan.Bound(Duration.ofSeconds(30), "stated in the recipe"));

    private RecordedRuns() {}

    static RunHeader header() {
        return new RunHeader(
                STARTED,
                7,
                "mvn verify -Pchaos -Ddrill.seed=7",
                "sandbox",
                "it can do every drill",
                List.of("guide-3-node"),
                List.of("the systemd unit was not executed"));
    }

    static DrillPlan drill(String id, List<String> checks, List<String> classes) {
        return drill(id, checks, classes, Optional.empty());
    }

    static DrillPlan drill(String id, List<String> checks, List<String> classes, Optional<String> notRun) {
        return new DrillPlan(
                id,
                id.replace('-', ' '),
                "no acknowledged write is lost",
                "etcd API guarantees",
                "guide-3-node",
                List.of("etcd-1", "etcd-2", "etcd-3"),
                "3.6.16",
                "sandbox",
                checks,
                classes,
                OBJECTIVES,
                notRun);
    }

    static AttemptPlan attempt(DrillPlan drill, int number, String coverageClass) {
        return new AttemptPlan(drill.id(), number, coverageClass, 7, List.of("kill the leader"), 8);
    }

    /** An attempt's record, still open, with one of everything; its clock stands at zero. */
    static AttemptDirectory record(DrillDirectory drill, AttemptPlan plan) throws IOException {
        AttemptDirectory attempt =
                drill.attempt(plan, AttemptClock.started(InstantSource.fixed(STARTED.plusSeconds(10)), () -> 0));
        long first =
                attempt.history().invoked(1, "first", "etcd-1", new Request.Put("k", "v1"), Duration.ofMillis(100));
        attempt.history()
                .returned(
                        first,
                        Duration.ofMillis(110),
                        new Outcome.Ok(new Response.Put(new Header("cafe", "beef", 2, 1))));
        attempt.ledger(new LedgerEntry(
                Duration.ofMillis(120), "restart-member", "etcd-2", LedgerEntry.State.PENDING, "killed next"));
        attempt.fault(new FaultEvent(
                Duration.ofMillis(130), "kill-1", "kill", FaultEvent.Phase.INJECTED, List.of("etcd-2"), ""));
        attempt.observe(new Observation.Mark(Duration.ofMillis(140), "killed"));
        attempt.history().invoked(2, "first", "etcd-2", new Request.Put("k", "v2"), Duration.ofMillis(150));
        attempt.observe(new Observation.Mark(Duration.ofSeconds(5), "ended"));
        Files.writeString(attempt.memberLog("etcd-1"), "{\"level\":\"info\",\"msg\":\"ready\"}\n");
        return attempt;
    }

    /** Records an attempt that did all of its plan. */
    static void recordCompleted(RunDirectory run, DrillPlan drill, int number, String coverageClass)
            throws IOException {
        recordEnded(run, drill, number, coverageClass, COMPLETED);
    }

    static void recordEnded(
            RunDirectory run, DrillPlan drill, int number, String coverageClass, AttemptEvidence.End end)
            throws IOException {
        try (AttemptDirectory attempt = record(run.drill(drill), attempt(drill, number, coverageClass))) {
            attempt.end(end);
        }
    }

    /** A check that gives the verdict that a function gives. */
    static Check check(String id, Function<AttemptEvidence, Verdict> verdict) {
        return new Check() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public Guarantee guarantee() {
                return new Guarantee("no acknowledged write is lost", "etcd API guarantees");
            }

            @Override
            public CheckResult judge(AttemptEvidence evidence) {
                return new CheckResult(
                        id,
                        verdict.apply(evidence),
                        List.of(evidence.operations().size() + " operations"),
                        List.of(),
                        List.of());
            }
        };
    }

    static Check passing(String id) {
        return check(id, evidence -> new Verdict.Pass());
    }

    static Check failing(String id, String reason) {
        return check(id, evidence -> new Verdict.Fail(List.of(reason)));
    }

    static Check undecided(String id, String reason) {
        return check(id, evidence -> new Verdict.Inconclusive(List.of(reason)));
    }
}
