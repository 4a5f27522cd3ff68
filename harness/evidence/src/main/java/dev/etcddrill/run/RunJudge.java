package dev.etcddrill.run;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.Check;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.DamagedRecordException;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Judges what was recorded, from the files alone. PASS needs that everything was recorded, read, completed, covered and
 * judged; whatever is missing makes it INCONCLUSIVE, and only a check makes it FAIL (design decision 6).
 */
public final class RunJudge {
    private static final int SHOWN_ATTEMPTS = 5;

    /** What no check said: it stands behind what the checks said of the cluster. */
    private static final int UNRANKED = Integer.MAX_VALUE;

    private final Map<String, Check> checks;

    /**
     * A judge with these checks.
     *
     * @throws IllegalArgumentException if two of them have the same id
     */
    public RunJudge(List<Check> checks) {
        this.checks = new LinkedHashMap<>();
        for (Check check : checks) {
            Check other = this.checks.put(check.id(), check);
            if (other != null) {
                throw new IllegalArgumentException("two checks have the id " + check.id() + ": "
                        + other.getClass().getName() + " and "
                        + check.getClass().getName());
            }
        }
    }

    /** A judge with all checks that {@link ServiceLoader} finds. */
    public static RunJudge withInstalledChecks() {
        return new RunJudge(ServiceLoader.load(Check.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /**
     * Judges a run, and writes {@code run.json} and the attempts' {@code verdict.json}. The same files always give the
     * same verdict.
     *
     * @param reuseStoredAttemptVerdicts whether an attempt that was judged before is taken as it was judged then: for a
     *     run that is interrupted and has no time; gives the same verdict with the same checks
     * @throws IOException if the directory cannot be read or written; damage in it is a reason of the verdict instead
     */
    public RunVerdict judge(RunDirectory run, boolean reuseStoredAttemptVerdicts) throws IOException {
        return uninterrupted(() -> judgeRun(run, reuseStoredAttemptVerdicts));
    }

    private RunVerdict judgeRun(RunDirectory run, boolean reuseStoredAttemptVerdicts) throws IOException {
        VerdictCombination combination = new VerdictCombination();
        List<DrillVerdict> drills = new ArrayList<>();
        Instant last = run.header().started();
        boolean anyRun = false;
        for (DrillPlan plan : run.drills()) {
            JudgedDrill judged = judge(run.drill(plan), reuseStoredAttemptVerdicts);
            DrillVerdict drill = judged.verdict();
            drills.add(drill);
            last = judged.lastRecorded().filter(last::isBefore).orElse(last);
            if (!notRun(drill)) {
                anyRun |= !drill.attempts().isEmpty();
                combination.add(plan.title() + " on " + plan.recipe() + ": ", judged.reasons());
            }
        }
        List<String> planned = run.drills().stream().map(DrillPlan::id).toList();
        for (String recorded : run.recordedDrills()) {
            if (!planned.contains(recorded)) {
                combination.inconclusive(
                        UNRANKED,
                        "drill " + recorded + " is recorded, but " + RunDirectory.PLAN_FILE
                                + " does not name it: the record was changed");
            }
        }
        if (!anyRun) {
            combination.inconclusive(UNRANKED, "no drill was run");
        }
        RunVerdict verdict = new RunVerdict(
                run.header(),
                combination.verdict(),
                drills,
                Duration.between(run.header().started(), last));
        run.writeVerdict(verdict);
        return verdict;
    }

    /**
     * Judges one attempt, and writes its {@code verdict.json}.
     *
     * @param attempt its directory, after it was closed
     * @throws NoSuchFileException if it has no plan
     * @throws DamagedRecordException if its plan is damaged; other damage is a reason of the verdict instead
     * @throws IOException if it cannot be read or written
     */
    public AttemptVerdict judge(Path attempt) throws IOException {
        return uninterrupted(() -> judgeAndStore(attempt)).attempt();
    }

    /** Java ends reading a file when the thread was interrupted, and an interrupted run is to be judged too. */
    private static <T> T uninterrupted(Judging<T> judging) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return judging.judge();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Judging<T> {
        T judge() throws IOException;
    }

    /** Whether the drill could not be run on the machine: then it counts neither way. */
    static boolean notRun(DrillVerdict drill) {
        return drill.plan().notRun().isPresent() && drill.attempts().isEmpty();
    }

    private record JudgedDrill(DrillVerdict verdict, VerdictCombination reasons, Optional<Instant> lastRecorded) {}

    private JudgedDrill judge(DrillDirectory drill, boolean reuse) throws IOException {
        DrillPlan plan = drill.plan();
        List<StoredAttemptVerdict> attempts = new ArrayList<>();
        VerdictCombination combination = new VerdictCombination();
        int expected = 1;
        for (Path directory : drill.attempts()) {
            int number = DrillDirectory.number(directory);
            for (; expected < number; expected++) {
                combination.inconclusive(UNRANKED, "attempt " + expected + " has no record");
            }
            expected = number + 1;
            try {
                AttemptDirectory.Plan recorded = AttemptDirectory.readPlan(directory);
                if (!recorded.drill().equals(plan) || recorded.attempt().number() != number) {
                    combination.inconclusive(
                            UNRANKED,
                            "attempt " + number + ": its plan is not the one of this drill and number:"
                                    + " the record was changed");
                }
                attempts.add(attempt(directory, recorded.attempt(), reuse));
            } catch (DamagedRecordException e) {
                combination.inconclusive(
                        UNRANKED,
                        "attempt " + number + ": " + e.file().getFileName() + ":" + e.line() + ": " + e.damage());
            } catch (NoSuchFileException e) {
                combination.inconclusive(
                        UNRANKED, "attempt " + number + " was interrupted before its plan was recorded");
            }
        }
        addGrouped(combination, attempts);
        Map<String, Integer> coverage = coverage(plan, attempts);
        if (drill.attempts().isEmpty()) {
            combination.inconclusive(
                    UNRANKED, plan.notRun().map(reason -> "not run: " + reason).orElse("not reached"));
        } else {
            List<String> uncovered = coverage.entrySet().stream()
                    .filter(entry -> entry.getValue() == 0)
                    .map(Map.Entry::getKey)
                    .toList();
            if (!uncovered.isEmpty()) {
                combination.inconclusive(
                        UNRANKED,
                        uncovered.size() + " of " + coverage.size() + " classes are covered by no completed attempt: "
                                + String.join("; ", uncovered));
            }
        }
        return new JudgedDrill(
                new DrillVerdict(
                        plan,
                        combination.verdict(),
                        coverage,
                        attempts.stream().map(StoredAttemptVerdict::attempt).toList()),
                combination,
                attempts.stream()
                        .flatMap(attempt -> attempt.lastRecorded().stream())
                        .max(Comparator.naturalOrder()));
    }

    private StoredAttemptVerdict attempt(Path directory, AttemptPlan plan, boolean reuse) throws IOException {
        if (reuse) {
            try {
                StoredAttemptVerdict stored =
                        StoredAttemptVerdict.FILE.read(directory.resolve(AttemptDirectory.VERDICT_FILE));
                if (stored.attempt().plan().equals(plan)) {
                    return stored;
                }
            } catch (NoSuchFileException | DamagedRecordException e) {
                // Then it is judged as if for the first time.
            }
        }
        return judgeAndStore(directory);
    }

    private StoredAttemptVerdict judgeAndStore(Path directory) throws IOException {
        AttemptRecord attempt = AttemptDirectory.read(directory);
        AttemptEvidence evidence = attempt.evidence();
        StoredAttemptVerdict judged = new StoredAttemptVerdict(
                judge(attempt),
                evidence.end().map(AttemptEvidence.End::completed).orElse(false),
                attempt.lastRecorded());
        StoredAttemptVerdict.FILE.write(directory.resolve(AttemptDirectory.VERDICT_FILE), judged);
        return judged;
    }

    private AttemptVerdict judge(AttemptRecord attempt) {
        AttemptEvidence evidence = attempt.evidence();
        List<CheckResult> results = new ArrayList<>();
        VerdictCombination combination = new VerdictCombination();
        for (String id : evidence.drill().checks()) {
            CheckResult result = judge(id, evidence);
            int rank = results.size();
            results.add(result);
            if (result.verdict() instanceof Verdict.Fail fail) {
                fail.reasons().forEach(reason -> combination.fail(rank, reason));
                if (fail.reasons().isEmpty()) {
                    combination.fail(rank, "check " + id + " failed, and gives no reason");
                }
            } else if (result.verdict() instanceof Verdict.Inconclusive inconclusive) {
                inconclusive.reasons().forEach(reason -> combination.inconclusive(rank, reason));
                if (inconclusive.reasons().isEmpty()) {
                    combination.inconclusive(rank, "check " + id + " is inconclusive, and gives no reason");
                }
            }
        }
        if (results.isEmpty()) {
            combination.inconclusive(VerdictCombination.FIRST, "the drill names no check that judges it");
        }
        attempt.problems().forEach(problem -> combination.inconclusive(results.size(), problem));
        if (evidence.end().isEmpty()) {
            combination.inconclusive(VerdictCombination.FIRST, "interrupted: the record of the attempt has no end");
        } else if (!evidence.end().get().completed()) {
            combination.inconclusive(
                    VerdictCombination.FIRST,
                    "not completed: " + evidence.end().get().reason());
        }
        Verdict verdict = combination.verdict();
        if (verdict instanceof Verdict.Fail && !attempt.problems().isEmpty()) {
            // A reader has to know that the failure may be the damage's: it is the checks' word on the rest.
            attempt.problems()
                    .forEach(problem -> combination.fail(results.size(), "the record is damaged: " + problem));
            verdict = combination.verdict();
        }
        return new AttemptVerdict(evidence.plan(), verdict, results);
    }

    private CheckResult judge(String id, AttemptEvidence evidence) {
        Check check = checks.get(id);
        if (check == null) {
            return inconclusive(id, "the drill names the check " + id + ", but no check of that name is installed");
        }
        try {
            CheckResult result = check.judge(evidence);
            return result == null ? inconclusive(id, "the check itself failed: " + id + " gave no result") : result;
        } catch (RuntimeException | Error e) {
            // Checks can come from a user's jar. Whatever goes wrong in one, it says nothing about the cluster.
            return inconclusive(id, "the check itself failed: " + id + ": " + e);
        }
    }

    private static CheckResult inconclusive(String id, String reason) {
        return new CheckResult(id, new Verdict.Inconclusive(List.of(reason)), List.of(), List.of(), List.of());
    }

    private static Map<String, Integer> coverage(DrillPlan plan, List<StoredAttemptVerdict> attempts) {
        Map<String, Integer> coverage = new LinkedHashMap<>();
        plan.requiredClasses().forEach(required -> coverage.put(required, 0));
        for (StoredAttemptVerdict attempt : attempts) {
            if (attempt.completed()) {
                coverage.computeIfPresent(attempt.attempt().plan().coverageClass(), (name, count) -> count + 1);
            }
        }
        return coverage;
    }

    /** Adds each reason once, with the attempts that it was given for; reasons stand in the order of the drill's checks. */
    private static void addGrouped(VerdictCombination combination, List<StoredAttemptVerdict> attempts) {
        Map<String, List<AttemptVerdict>> failures = new LinkedHashMap<>();
        Map<String, List<AttemptVerdict>> doubts = new LinkedHashMap<>();
        for (StoredAttemptVerdict stored : attempts) {
            AttemptVerdict attempt = stored.attempt();
            for (String reason : attempt.verdict().reasons()) {
                (attempt.verdict() instanceof Verdict.Fail ? failures : doubts)
                        .computeIfAbsent(reason, first -> new ArrayList<>())
                        .add(attempt);
            }
        }
        boolean single = attempts.size() == 1;
        failures.forEach((reason, given) ->
                combination.fail(rank(reason, given.get(0)), single ? reason : reason + suffix(given)));
        doubts.forEach((reason, given) ->
                combination.inconclusive(rank(reason, given.get(0)), single ? reason : reason + suffix(given)));
    }

    private static int rank(String reason, AttemptVerdict attempt) {
        for (int rank = 0; rank < attempt.results().size(); rank++) {
            if (attempt.results().get(rank).verdict().reasons().contains(reason)) {
                return rank;
            }
        }
        return VerdictCombination.FIRST;
    }

    private static String suffix(List<AttemptVerdict> attempts) {
        String shown = attempts.stream()
                .limit(SHOWN_ATTEMPTS)
                .map(attempt -> String.valueOf(attempt.plan().number()))
                .collect(Collectors.joining(", "));
        int more = attempts.size() - SHOWN_ATTEMPTS;
        return " (attempt" + (attempts.size() == 1 ? " " : "s ") + shown + (more > 0 ? " and " + more + " more" : "")
                + ")";
    }
}
