package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.history.DamagedRecordException;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.FileFormat;
import dev.etcddrill.history.History;
import dev.etcddrill.history.HistoryWriter;
import dev.etcddrill.history.JsonLines;
import dev.etcddrill.history.JsonLinesWriter;
import dev.etcddrill.history.LedgerEntry;
import dev.etcddrill.history.Observation;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Where one attempt is recorded while it runs. Thread-safe. Files and formats: {@code docs/run-directory.md}.
 *
 * <p>An attempt counts as ended only when {@link #end} declared how and {@link #close} wrote it down; all else is read
 * as an interrupted one.
 */
public final class AttemptDirectory implements Closeable {
    static final String VERDICT_FILE = "verdict.json";

    private static final String PLAN_FILE = "plan.yaml";
    private static final String HISTORY_FILE = "history.jsonl";
    private static final String FAULTS_FILE = "faults.jsonl";
    private static final String OBSERVATIONS_FILE = "probes.jsonl";
    private static final String LEDGER_FILE = "ledger.jsonl";
    private static final String END_FILE = "end.json";
    private static final String MEMBERS = "members";
    private static final String MEMBER_LOG = "etcd.log";
    private static final String MEMBER_METRICS = "metrics.txt";

    private final Path path;
    private final AttemptClock clock;
    private final HistoryWriter history;
    private final JsonLinesWriter<FaultEvent> faults;
    private final JsonLinesWriter<Observation> observations;
    private final JsonLinesWriter<LedgerEntry> ledger;
    private Optional<AttemptEvidence.End> end = Optional.empty();
    private boolean closed;

    private AttemptDirectory(Path path, AttemptClock clock) throws IOException {
        this.path = path;
        this.clock = clock;
        this.history = new HistoryWriter(path.resolve(HISTORY_FILE), clock);
        this.faults = new JsonLinesWriter<>(path.resolve(FAULTS_FILE), FileFormat.FAULTS, FaultEvent.class);
        this.observations =
                new JsonLinesWriter<>(path.resolve(OBSERVATIONS_FILE), FileFormat.OBSERVATIONS, Observation.class);
        this.ledger = new JsonLinesWriter<>(path.resolve(LEDGER_FILE), FileFormat.LEDGER, LedgerEntry.class);
    }

    static AttemptDirectory create(Path path, DrillPlan drill, AttemptPlan attempt, AttemptClock clock)
            throws IOException {
        Files.createDirectories(path.getParent());
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            FileAlreadyExistsException again = new FileAlreadyExistsException(
                    path.toString(),
                    null,
                    "attempt " + attempt.number() + " is recorded already; take the next number");
            again.initCause(e);
            throw again;
        }
        Plan.FILE.write(path.resolve(PLAN_FILE), new Plan(drill, attempt));
        return new AttemptDirectory(path, clock);
    }

    /** The attempt's directory. */
    public Path path() {
        return path;
    }

    /** The clock that every recorded time is taken from. */
    public AttemptClock clock() {
        return clock;
    }

    /** Records what clients do. */
    public HistoryWriter history() {
        return history;
    }

    /** Records a step of a fault; it is on disk when this returns. */
    public void fault(FaultEvent event) throws IOException {
        faults.append(event);
    }

    /**
     * Records what a probe saw; it is on disk when this returns, and so is all that clients recorded before, so that an
     * effect is never there without its cause.
     */
    public void observe(Observation observation) throws IOException {
        history.flush();
        observations.append(observation);
    }

    /** Records an undo step; it is on disk when this returns. */
    public void ledger(LedgerEntry entry) throws IOException {
        ledger.append(entry);
    }

    /**
     * The file for a member's log; its directory is made.
     *
     * @throws IllegalArgumentException if the member's name is not fit for a file
     */
    public Path memberLog(String member) throws IOException {
        return ofMember(member).resolve(MEMBER_LOG);
    }

    /**
     * The file for a member's metrics; its directory is made.
     *
     * @throws IllegalArgumentException if the member's name is not fit for a file
     */
    public Path memberMetrics(String member) throws IOException {
        return ofMember(member).resolve(MEMBER_METRICS);
    }

    private Path ofMember(String member) throws IOException {
        Path directory = path.resolve(MEMBERS).resolve(FileName.checked("the name of a member", member));
        Files.createDirectories(directory);
        return directory;
    }

    /**
     * Declares how the attempt ended; the last declaration counts. It is written when the attempt is closed, together
     * with how much was recorded.
     */
    public synchronized void end(AttemptEvidence.End ending) {
        this.end = Optional.of(ending);
    }

    /**
     * Closes all files. Closing again does nothing.
     *
     * @throws IOException if not all of it could be written; then the attempt has no end
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (ledger;
                observations;
                faults) {
            history.close();
        }
        if (end.isPresent()) {
            Ending.FILE.write(
                    path.resolve(END_FILE),
                    new Ending(
                            end.get().completed(),
                            end.get().reason(),
                            faults.records(),
                            observations.records(),
                            ledger.records()));
        }
    }

    /** What the attempt was meant to do, and for which drill; both are in {@code plan.yaml}. */
    record Plan(DrillPlan drill, AttemptPlan attempt) {
        private static final VersionedFile<Plan> FILE = VersionedFile.yaml("etcd-drill/attempt-plan", 1, Plan.class);

        Plan {
            requireNonNull(drill, "drill");
            requireNonNull(attempt, "attempt");
        }
    }

    /**
     * What {@code end.json} holds: the ending, and how many records were written, so that a file that was cut short
     * between two lines is noticed (a history counts its own).
     */
    record Ending(boolean completed, String reason, long faults, long observations, long ledger) {
        private static final VersionedFile<Ending> FILE = VersionedFile.json("etcd-drill/attempt-end", 1, Ending.class);

        Ending {
            requireNonNull(reason, "reason");
        }
    }

    /** Reads only the plan of a recorded attempt. */
    static Plan readPlan(Path attempt) throws IOException {
        return Plan.FILE.read(attempt.resolve(PLAN_FILE));
    }

    /**
     * Reads what was recorded of an attempt, also while it is recorded or after it was killed.
     *
     * @throws java.nio.file.NoSuchFileException if it has no plan
     * @throws DamagedRecordException if its plan is damaged; other damage is told in the result
     * @throws IOException if it cannot be read
     */
    public static AttemptRecord read(Path attempt) throws IOException {
        Plan plan = readPlan(attempt);
        // Named from the run directory on: that may have been moved, and is to be judged the same.
        Problems problems = new Problems("drills/" + plan.drill().id() + "/attempts/" + attempt.getFileName() + "/");
        Optional<Ending> end = readEnd(attempt.resolve(END_FILE), problems);
        History history = readHistory(attempt.resolve(HISTORY_FILE), end.isPresent(), problems);
        List<FaultEvent> faults = readLines(
                attempt.resolve(FAULTS_FILE), FileFormat.FAULTS, FaultEvent.class, end.map(Ending::faults), problems);
        List<Observation> observations = readLines(
                attempt.resolve(OBSERVATIONS_FILE),
                FileFormat.OBSERVATIONS,
                Observation.class,
                end.map(Ending::observations),
                problems);
        List<LedgerEntry> ledger = readLines(
                attempt.resolve(LEDGER_FILE), FileFormat.LEDGER, LedgerEntry.class, end.map(Ending::ledger), problems);
        Duration last = Stream.of(
                        Stream.of(history.lastRecorded()),
                        faults.stream().map(FaultEvent::at),
                        observations.stream().map(Observation::at),
                        ledger.stream().map(LedgerEntry::at))
                .flatMap(Function.identity())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        AttemptEvidence evidence = new AttemptEvidence(
                plan.drill(),
                plan.attempt(),
                history.operations(),
                inOrder(faults, FaultEvent::at),
                inOrder(observations, Observation::at),
                readMemberLogs(attempt.resolve(MEMBERS)),
                end.map(ending -> new AttemptEvidence.End(ending.completed(), ending.reason())));
        return new AttemptRecord(
                evidence,
                history.started(),
                ledger,
                history.started().map(reading -> reading.wallAt(last)),
                problems.sentences);
    }

    /** What is wrong with the files of an attempt, a sentence each with the place. */
    private static final class Problems {
        private final String place;
        private final List<String> sentences = new ArrayList<>();

        Problems(String place) {
            this.place = place;
        }

        void add(Path file, String problem) {
            sentences.add(place + file.getFileName() + ": " + problem);
        }

        void add(DamagedRecordException damage) {
            sentences.add(place + damage.file().getFileName() + ":" + damage.line() + ": " + damage.damage());
        }

        void addBrokenOff(Path file) {
            add(file, "the last line is broken off; everything before it was read");
        }
    }

    private static Optional<Ending> readEnd(Path file, Problems problems) throws IOException {
        try {
            return Optional.of(Ending.FILE.read(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DamagedRecordException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private static History readHistory(Path file, boolean ended, Problems problems) throws IOException {
        try {
            History history = History.read(file);
            history.damage().forEach(problems::add);
            if (history.brokenOff()) {
                problems.addBrokenOff(file);
            } else if (ended && !history.closed() && history.damage().isEmpty()) {
                problems.add(file, "the closing line is missing, though the attempt was ended properly");
            }
            return history;
        } catch (NoSuchFileException e) {
            problems.add(file, "the file is missing");
            return new History(Optional.empty(), List.of(), false, false, Duration.ZERO, List.of());
        }
    }

    private static <T> List<T> readLines(
            Path file, FileFormat format, Class<T> type, Optional<Long> expected, Problems problems)
            throws IOException {
        try {
            JsonLines<T> lines = JsonLines.read(file, format, type);
            lines.damage().forEach(problems::add);
            int found = lines.records().size();
            if (lines.brokenOff()) {
                problems.addBrokenOff(file);
            } else if (lines.damage().isEmpty() && expected.isPresent() && expected.get() != found) {
                problems.add(
                        file,
                        "expected " + expected.get() + " records, as " + END_FILE + " counts them, but found " + found);
            }
            return lines.records();
        } catch (NoSuchFileException e) {
            problems.add(file, "the file is missing");
            return List.of();
        }
    }

    private static <T> List<T> inOrder(List<T> records, Function<T, Duration> at) {
        // Several threads record: each takes the time first and writes then.
        return records.stream().sorted(Comparator.comparing(at)).toList();
    }

    private static Map<String, List<String>> readMemberLogs(Path members) throws IOException {
        Map<String, List<String>> logs = new TreeMap<>();
        if (!Files.isDirectory(members)) {
            return logs;
        }
        try (Stream<Path> directories = Files.list(members)) {
            for (Path directory : directories.toList()) {
                Path log = directory.resolve(MEMBER_LOG);
                if (Files.isRegularFile(log)) {
                    // A process may have been killed in the middle of a character: never an error.
                    String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
                    logs.put(directory.getFileName().toString(), text.lines().toList());
                }
            }
        }
        return logs;
    }
}
