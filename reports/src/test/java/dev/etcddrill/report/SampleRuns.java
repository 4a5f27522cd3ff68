package dev.etcddrill.report;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.Observation;
import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Whole runs of every kind; {@link #main} writes their reports, to be looked at in a browser. */
final class SampleRuns {
    private static final List<String> CLASSES = List.of("leader killed", "leader terminated");

    private SampleRuns() {}

    /** Writes {@code DIRECTORY/<kind>.html} for every kind of run. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        save(passing(), directory, "passing");
        save(failing(), directory, "failing");
        save(inconclusive(), directory, "inconclusive");
        save(interrupted(), directory, "interrupted");
    }

    private static void save(SyntheticRun sample, Path directory, String name) throws IOException {
        var run = sample.write(Files.createTempDirectory("sample-runs"));
        Path report = new HtmlReport().write(run, sample.verdict());
        Files.move(report, directory.resolve(name + ".html"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    static SyntheticRun passing() {
        return notRun(quorum(leaderLost(new SyntheticRun())));
    }

    static SyntheticRun failing() {
        DrillPlan plan = SyntheticRun.plan("power loss", 3, List.of("one member", "a majority"));
        List<AttemptEvidence> attempts = new ArrayList<>();
        List<List<CheckResult>> results = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            AttemptEvidence evidence = new SyntheticAttempt(
                            plan,
                            SyntheticRun.attempt(plan, number, number == 1 ? "one member" : "a majority"),
                            Duration.ofSeconds(24),
                            300)
                    .kill("power-loss", 9.2, 13.1, number)
                    .observe(new Observation.Mark(SyntheticAttempt.time(0.3), "load began"))
                    .observe(new Observation.Mark(SyntheticAttempt.time(22), "keys read on every member"))
                    .record();
            attempts.add(evidence);
            results.add(
                    number == 1
                            ? List.of(SyntheticRun.pass("durability"), gaps(9, 0.9, 1.6))
                            : List.of(SyntheticRun.lostWrite(evidence, 9.15), gaps(10, 0.9, 1.6)));
        }
        SyntheticRun run = leaderLost(new SyntheticRun());
        return notRun(run.drill(plan, attempts, results));
    }

    static SyntheticRun inconclusive() {
        DrillPlan plan = SyntheticRun.plan("leader lost", 3, CLASSES);
        AttemptEvidence evidence = new SyntheticAttempt(
                        plan, SyntheticRun.attempt(plan, 1, "leader killed"), Duration.ofSeconds(20), 250)
                .kill("kill", 6, 9, 1)
                .observe(new Observation.HostStall(SyntheticAttempt.time(7.9), Duration.ofMillis(1840)))
                .observe(new Observation.HostStall(SyntheticAttempt.time(14.2), Duration.ofMillis(210)))
                .record();
        CheckResult recovery = SyntheticRun.recovery(
                new Verdict.Inconclusive(List.of("The write gap of 3.41 s is beyond 3.00 s, but the host itself stood"
                        + " still for 1.84 s meanwhile.")),
                List.of(Duration.ofMillis(3410)),
                Optional.of(Duration.ofSeconds(3)));
        return quorum(new SyntheticRun()
                .drill(plan, List.of(evidence), List.of(List.of(SyntheticRun.pass("durability"), recovery))));
    }

    static SyntheticRun interrupted() {
        DrillPlan plan = SyntheticRun.plan("leader lost", 3, CLASSES);
        AttemptEvidence evidence = new SyntheticAttempt(
                        plan, SyntheticRun.attempt(plan, 1, "leader killed"), Duration.ofSeconds(20), 250)
                .kill("kill", 6, 13, 1)
                .interrupted()
                .record();
        CheckResult recovery = new CheckResult(
                "recovery",
                new Verdict.Inconclusive(List.of("interrupted: the record of the attempt has no end")),
                List.of(),
                List.of(),
                List.of());
        return new SyntheticRun()
                .drill(plan, List.of(evidence), List.of(List.of(recovery)))
                .drill(SyntheticRun.plan("power loss", 3, List.of("one member")), List.of(), List.of());
    }

    private static SyntheticRun leaderLost(SyntheticRun run) {
        DrillPlan plan = SyntheticRun.plan("leader lost", 3, CLASSES);
        List<AttemptEvidence> attempts = new ArrayList<>();
        List<List<CheckResult>> results = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            SyntheticAttempt attempt = new SyntheticAttempt(
                    plan, SyntheticRun.attempt(plan, number, CLASSES.get(number - 1)), Duration.ofSeconds(64), 200);
            for (int loss = 0; loss < 10; loss++) {
                attempt.kill(number == 1 ? "kill" : "terminate", 4 + loss * 6, 6.5 + loss * 6, 1);
            }
            attempts.add(attempt.record());
            results.add(List.of(
                    SyntheticRun.pass("durability"), number == 1 ? gaps(number, 0.96, 1.6) : gaps(number, 0.02, 0.05)));
        }
        return run.drill(plan, attempts, results);
    }

    private static SyntheticRun quorum(SyntheticRun run) {
        List<String> classes = new ArrayList<>();
        DrillPlan plan = SyntheticRun.plan("quorum tolerance", 5, List.of());
        List<AttemptEvidence> attempts = new ArrayList<>();
        List<List<CheckResult>> results = new ArrayList<>();
        for (int killed = 1; killed <= 4; killed++) {
            String name = "5 members, " + killed + " killed, with the leader";
            classes.add(name);
            attempts.add(
                    new SyntheticAttempt(plan, SyntheticRun.attempt(plan, killed, name), Duration.ofSeconds(16), 400)
                            .kill("kill", 5, 9.5, killed)
                            .observe(new Observation.Formation(
                                    SyntheticAttempt.time(0.2), "first", true, Duration.ofMillis(1290), ""))
                            .record());
            results.add(List.of(SyntheticRun.pass("durability"), gaps(20 + killed, 1.0, 1.5)));
        }
        DrillPlan required = new DrillPlan(
                plan.id(),
                plan.title(),
                "With a majority alive writes go on; without one nothing is acknowledged and"
                        + " nothing acknowledged is lost.",
                plan.source(),
                plan.recipe(),
                plan.members(),
                plan.etcdVersion(),
                plan.runtime(),
                plan.checks(),
                classes,
                plan.objectives(),
                plan.notRun());
        List<AttemptEvidence> replanned = attempts.stream()
                .map(evidence -> new AttemptEvidence(
                        required,
                        evidence.plan(),
                        evidence.operations(),
                        evidence.faults(),
                        evidence.observations(),
                        evidence.memberLogs(),
                        evidence.end()))
                .toList();
        return run.drill(required, replanned, results);
    }

    private static SyntheticRun notRun(SyntheticRun run) {
        DrillPlan plan = SyntheticRun.plan("power loss of all", 5, List.of());
        return run.drill(
                new DrillPlan(
                        plan.id(),
                        plan.title(),
                        "Nothing acknowledged is lost when all members lose power at once.",
                        plan.source(),
                        plan.recipe(),
                        plan.members(),
                        plan.etcdVersion(),
                        plan.runtime(),
                        plan.checks(),
                        plan.requiredClasses(),
                        plan.objectives(),
                        Optional.of("needs root, for loop devices")),
                List.of(),
                List.of());
    }

    private static CheckResult gaps(int seed, double from, double to) {
        Random random = new Random(seed);
        List<Duration> values = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            values.add(SyntheticAttempt.time(from + random.nextDouble() * (to - from)));
        }
        return SyntheticRun.recovery(new Verdict.Pass(), values, Optional.of(Duration.ofSeconds(3)));
    }
}
