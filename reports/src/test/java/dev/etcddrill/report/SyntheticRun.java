package dev.etcddrill.report;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Figure;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.HistoryWriter;
import dev.etcddrill.history.Operation;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.run.AttemptDirectory;
import dev.etcddrill.run.AttemptVerdict;
import dev.etcddrill.run.DrillVerdict;
import dev.etcddrill.run.Environment;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunHeader;
import dev.etcddrill.run.RunVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts attempts together to a run directory on disk and the verdict on it, as the rig and the judge leave them. */
final class SyntheticRun {
    static final Instant STARTED = Instant.parse("2026-11-25T02:14:07Z");

    private final List<DrillVerdict> drills = new ArrayList<>();
    private final List<AttemptEvidence> records = new ArrayList<>();
    private final RunHeader header;

    SyntheticRun() {
        this(List.of("The systemd unit was not executed: members were started as its ExecStart line says."));
    }

    SyntheticRun(List<String> notProven) {
        header = new RunHeader(
                STARTED,
                7,
                "mvn verify -Pchaos -Ddrill.seed=7 -Ddrill.recipe=recipes/guide-3-node.yaml",
                "sandbox",
                "first of sandbox, docker, loopback that can do all chosen drills; docker: no daemon answers",
                List.of("guide-3-node"),
                notProven);
    }

    static List<String> members(int number) {
        List<String> members = new ArrayList<>();
        for (int member = 1; member <= number; member++) {
            members.add("etcd-" + member);
        }
        return members;
    }

    static DrillPlan plan(String title, int members, List<String> classes) {
        String recipe = members == 3 ? "guide-3-node" : "production-" + members + "-node";
        return new DrillPlan(
                title.replace(' ', '-') + "@" + recipe,
                title,
                "After the leader is lost, the next write commits within 3 s, and nothing acknowledged is lost.",
                "etcd docs, op-guide/failures, \"Leader failure\"",
                recipe,
                members(members),
                "3.6.16",
                "sandbox",
                List.of("durability", "recovery"),
                classes,
                new DrillPlan.Objectives(
                        new DrillPlan.Bound(
                                Duration.ofSeconds(3), "2 x election timeout of 1 s + 1 s (etcd tuning guide)"),
                        new DrillPlan.Bound(Duration.ofSeconds(30), "stated in the recipe")),
                Optional.empty());
    }

    static AttemptPlan attempt(DrillPlan drill, int number, String coverageClass) {
        return new AttemptPlan(
                drill.id(), number, coverageClass, 700 + number, List.of("wait for 300 writes", "kill the leader"), 8);
    }

    static CheckResult pass(String check) {
        return new CheckResult(check, new Verdict.Pass(), List.of("3,412 acknowledged writes"), List.of(), List.of());
    }

    static CheckResult recovery(Verdict verdict, List<Duration> values, Optional<Duration> bound) {
        return new CheckResult(
                "recovery",
                verdict,
                List.of(values.size() + " faults"),
                List.of(new Figure("write gap after losing the leader", values, bound, "recipe")),
                List.of());
    }

    /** A failed check that points at a few of the record's operations. */
    static CheckResult lostWrite(AttemptEvidence evidence, double at) {
        List<Operation> shown = new ArrayList<>();
        Operation lost = evidence.operations().stream()
                .filter(operation ->
                        operation.acknowledgedWrite() && operation.invoked().toMillis() >= at * 1000)
                .findFirst()
                .orElseThrow();
        shown.add(lost);
        evidence.operations().stream()
                .filter(operation -> operation.id() > lost.id())
                .limit(5)
                .forEach(shown::add);
        return new CheckResult(
                "durability",
                new Verdict.Fail(List.of(
                        "An acknowledged write is gone: key " + lost.request().key() + " was acknowledged to client "
                                + lost.process() + ", and no member has it at the end.")),
                List.of("3,412 acknowledged writes", "1 of them lost"),
                List.of(),
                shown);
    }

    /** Adds a drill with what was recorded of its attempts; its verdict is the worst of theirs. */
    SyntheticRun drill(DrillPlan plan, List<AttemptEvidence> attempts, List<List<CheckResult>> results) {
        List<AttemptVerdict> verdicts = new ArrayList<>();
        Map<String, Integer> coverage = new LinkedHashMap<>();
        plan.requiredClasses().forEach(name -> coverage.put(name, 0));
        for (int index = 0; index < attempts.size(); index++) {
            AttemptEvidence evidence = attempts.get(index);
            verdicts.add(new AttemptVerdict(
                    evidence.plan(),
                    worst(results.get(index).stream().map(CheckResult::verdict).toList()),
                    results.get(index)));
            if (evidence.end().isPresent()) {
                coverage.merge(evidence.plan().coverageClass(), 1, Integer::sum);
            }
        }
        records.addAll(attempts);
        Verdict verdict = verdicts.isEmpty()
                ? new Verdict.Inconclusive(List.of(
                        plan.notRun().map(reason -> "not run: " + reason).orElse("not reached")))
                : worst(verdicts.stream().map(AttemptVerdict::verdict).toList());
        drills.add(new DrillVerdict(plan, verdict, coverage, verdicts));
        return this;
    }

    /** As the judge: FAIL before INCONCLUSIVE before PASS. */
    static Verdict worst(List<Verdict> verdicts) {
        List<String> failures = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            if (verdict instanceof Verdict.Fail) {
                failures.addAll(verdict.reasons());
            } else {
                doubts.addAll(verdict.reasons());
            }
        }
        if (!failures.isEmpty()) {
            return new Verdict.Fail(failures);
        }
        return doubts.isEmpty() ? new Verdict.Pass() : new Verdict.Inconclusive(doubts);
    }

    RunVerdict verdict() {
        List<Verdict> counted = new ArrayList<>();
        for (DrillVerdict drill : drills) {
            Verdict verdict = drill.verdict();
            String prefix = drill.plan().title() + " on " + drill.plan().recipe() + ": ";
            List<String> reasons =
                    verdict.reasons().stream().map(prefix::concat).toList();
            if (drill.plan().notRun().isEmpty()) {
                counted.add(
                        verdict instanceof Verdict.Fail
                                ? new Verdict.Fail(reasons)
                                : reasons.isEmpty() ? verdict : new Verdict.Inconclusive(reasons));
            }
        }
        return new RunVerdict(header, worst(counted), drills, Duration.ofSeconds(252));
    }

    /** Writes the run directory. */
    RunDirectory write(Path runsRoot) throws IOException {
        RunDirectory run = RunDirectory.create(runsRoot, header);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kernel", "Linux 6.18");
        facts.put("processors", "2");
        facts.put("user", "root");
        run.writeEnvironment(new Environment(
                facts,
                List.of(new Environment.Binary(
                        "etcd",
                        "3.6.16",
                        "built by the installed Go toolchain",
                        "/root/.cache/etcd-drill/etcd-3.6.16/etcd",
                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")),
                Optional.of(Duration.ofNanos(1_640_000))));
        run.plan(drills.stream().map(DrillVerdict::plan).toList());
        for (AttemptEvidence record : records) {
            write(run, record);
        }
        return run;
    }

    private static void write(RunDirectory run, AttemptEvidence record) throws IOException {
        Instant started = STARTED.plusSeconds(10L * record.plan().number());
        AttemptClock clock = AttemptClock.started(Clock.fixed(started, ZoneOffset.UTC), () -> 0);
        try (AttemptDirectory directory = run.drill(record.drill()).attempt(record.plan(), clock)) {
            history(directory.history(), record.operations());
            directory.history().flush();
            for (var fault : record.faults()) {
                directory.fault(fault);
            }
            for (var observation : record.observations()) {
                directory.observe(observation);
            }
            for (var log : new java.util.TreeMap<>(record.memberLogs()).entrySet()) {
                Files.write(directory.memberLog(log.getKey()), log.getValue());
            }
            record.end().ifPresent(directory::end);
        }
    }

    private static void history(HistoryWriter history, List<Operation> operations) {
        record Line(Duration at, long id, boolean invocation, Operation operation) {}
        List<Line> lines = new ArrayList<>();
        for (Operation operation : operations) {
            lines.add(new Line(operation.invoked(), operation.id(), true, operation));
            operation.returned().ifPresent(at -> lines.add(new Line(at, operation.id(), false, operation)));
        }
        lines.sort(Comparator.comparing(Line::at).thenComparing(Line::id).thenComparing(line -> !line.invocation()));
        for (Line line : lines) {
            Operation operation = line.operation();
            if (line.invocation()) {
                history.invoked(
                        operation.process(),
                        operation.incarnation(),
                        operation.member(),
                        operation.request(),
                        operation.invoked());
            } else {
                history.returned(line.id(), line.at(), operation.outcome());
            }
        }
    }
}
