package dev.etcddrill.run;

import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that was recorded of a run: the only thing between running and judging (design decision 13). Layout, files
 * and formats: {@code docs/run-directory.md}. Thread-safe.
 */
public final class RunDirectory {
    static final String PLAN_FILE = "plan.json";

    private static final String VERDICT_FILE = "run.json";
    private static final String ENVIRONMENT_FILE = "environment.json";
    private static final String DRILLS = "drills";
    private static final String LATEST = "latest";
    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final VersionedFile<Environment> ENVIRONMENT =
            VersionedFile.json("etcd-drill/environment", 1, Environment.class);
    private static final VersionedFile<RunVerdict> VERDICT =
            VersionedFile.json("etcd-drill/run-verdict", 1, RunVerdict.class);

    private final Path path;
    private final RunHeader header;
    private List<DrillPlan> drills;

    private RunDirectory(Path path, RunPlan plan) {
        this.path = path;
        this.header = plan.header();
        this.drills = plan.drills();
    }

    /**
     * Makes the directory {@code run-<time>-<seed>} of a new run, and points the link {@code latest} beside it there
     * (where the file system has links).
     *
     * @param runsRoot directory of all runs; made where it is not there
     */
    public static RunDirectory create(Path runsRoot, RunHeader header) throws IOException {
        Files.createDirectories(runsRoot);
        String name = "run-" + COMPACT.format(header.started()) + "-" + header.seed();
        Path path = createUnique(runsRoot, name);
        RunPlan plan = new RunPlan(header, List.of());
        RunPlan.FILE.write(path.resolve(PLAN_FILE), plan);
        pointLatestTo(path);
        return new RunDirectory(path, plan);
    }

    /**
     * Opens the directory of a run, finished or not.
     *
     * @param path also by the link {@code latest}
     * @throws NotARunDirectoryException if it is none
     * @throws dev.etcddrill.history.DamagedRecordException if its plan is damaged
     */
    public static RunDirectory open(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new NotARunDirectoryException(
                    path, Files.exists(path) ? "it is not a directory" : "there is nothing of that name");
        }
        try {
            return new RunDirectory(path.toRealPath(), RunPlan.FILE.read(path.resolve(PLAN_FILE)));
        } catch (NoSuchFileException e) {
            NotARunDirectoryException missing = new NotARunDirectoryException(path, "it has no file " + PLAN_FILE);
            missing.initCause(e);
            throw missing;
        }
    }

    /** The directory, without links. */
    public Path path() {
        return path;
    }

    /** What was known before the run started. */
    public RunHeader header() {
        return header;
    }

    /** Records the machine that the run is made on. */
    public void writeEnvironment(Environment environment) throws IOException {
        ENVIRONMENT.write(path.resolve(ENVIRONMENT_FILE), environment);
    }

    /**
     * The machine that the run was made on; empty where the run ended before that was recorded.
     *
     * @throws dev.etcddrill.history.DamagedRecordException if the file is damaged
     */
    public Optional<Environment> environment() throws IOException {
        return readIfThere(ENVIRONMENT, ENVIRONMENT_FILE);
    }

    /**
     * Records what the run intends, beside what it intended before, so that a drill that a killed run never reached is
     * missed when it is judged.
     *
     * @throws IllegalArgumentException if a drill of the same id is planned already, and differently, or its id is not
     *     fit for a directory
     */
    public synchronized void plan(List<DrillPlan> plans) throws IOException {
        List<DrillPlan> all = new ArrayList<>(drills);
        for (DrillPlan plan : plans) {
            Optional<DrillPlan> before =
                    all.stream().filter(drill -> drill.id().equals(plan.id())).findFirst();
            if (before.isEmpty()) {
                all.add(plan);
            } else if (!before.get().equals(plan)) {
                throw new IllegalArgumentException(
                        "drill " + plan.id() + " is planned already, and differently: give each drill its own id");
            }
        }
        if (!all.equals(drills)) {
            RunPlan.FILE.write(path.resolve(PLAN_FILE), new RunPlan(header, all));
            drills = List.copyOf(all);
        }
    }

    /** What the run intended, in the order of planning. */
    public synchronized List<DrillPlan> drills() {
        return drills;
    }

    /**
     * Where a drill is recorded; it is planned where it was not yet.
     *
     * @throws IllegalArgumentException if a drill of the same id is planned already, and differently
     */
    public DrillDirectory drill(DrillPlan plan) throws IOException {
        plan(List.of(plan));
        return new DrillDirectory(path.resolve(DRILLS).resolve(plan.id()), plan);
    }

    /** Where the files of a rendered recipe are kept, without private keys; the directory is made. */
    public Path deploymentDirectory(String recipe) throws IOException {
        return Files.createDirectories(
                path.resolve("deployment").resolve(FileName.checked("the name of a recipe", recipe)));
    }

    /** The report for people; there only when it was written. */
    public Path reportFile() {
        return path.resolve("report.html");
    }

    /**
     * The verdict of the last judging; empty where the run was not judged.
     *
     * @throws dev.etcddrill.history.DamagedRecordException if the file is damaged
     */
    public Optional<RunVerdict> verdict() throws IOException {
        return readIfThere(VERDICT, VERDICT_FILE);
    }

    void writeVerdict(RunVerdict verdict) throws IOException {
        VERDICT.write(path.resolve(VERDICT_FILE), verdict);
    }

    /** Names of the drills' directories that are there, planned or not. */
    List<String> recordedDrills() throws IOException {
        if (!Files.isDirectory(path.resolve(DRILLS))) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path.resolve(DRILLS))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private <T> Optional<T> readIfThere(VersionedFile<T> format, String name) throws IOException {
        try {
            return Optional.of(format.read(path.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Path createUnique(Path runsRoot, String name) throws IOException {
        for (int number = 1; ; number++) {
            try {
                return Files.createDirectory(runsRoot.resolve(number == 1 ? name : name + "-" + number))
                        .toRealPath();
            } catch (FileAlreadyExistsException e) {
                // Another run with this seed in the same second: take the next number.
            }
        }
    }

    private static void pointLatestTo(Path run) throws IOException {
        Path link = run.resolveSibling("." + run.getFileName() + "." + LATEST);
        try {
            Files.createSymbolicLink(link, run.getFileName());
            // Renaming is atomic: there is a link at any time, and it points to a run.
            Files.move(
                    link,
                    run.resolveSibling(LATEST),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A convenience only: not every file system has links, and a user may have put something else there.
            Files.deleteIfExists(link);
        }
    }
}
