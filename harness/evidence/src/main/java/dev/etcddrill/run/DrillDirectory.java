package dev.etcddrill.run;

import dev.etcddrill.history.AttemptClock;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where the attempts of one drill are recorded. */
public final class DrillDirectory {
    private final Path path;
    private final DrillPlan plan;

    DrillDirectory(Path path, DrillPlan plan) {
        this.path = path;
        this.plan = plan;
    }

    /** The drill's directory. */
    public Path path() {
        return path;
    }

    /** What the drill promises to show. */
    public DrillPlan plan() {
        return plan;
    }

    /**
     * Starts the record of an attempt.
     *
     * @param attempt of this drill, with a number that has no record
     * @param clock that was started with the attempt
     * @throws java.nio.file.FileAlreadyExistsException if the attempt is recorded already
     */
    public AttemptDirectory attempt(AttemptPlan attempt, AttemptClock clock) throws IOException {
        if (!attempt.drill().equals(plan.id())) {
            throw new IllegalArgumentException(
                    "expected an attempt of drill " + plan.id() + ", but it is of " + attempt.drill());
        }
        return AttemptDirectory.create(
                attemptsDirectory().resolve(String.valueOf(attempt.number())), plan, attempt, clock);
    }

    /** The directories of the recorded attempts, by number. */
    public List<Path> attempts() throws IOException {
        if (!Files.isDirectory(attemptsDirectory())) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(attemptsDirectory())) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[1-9][0-9]{0,8}"))
                    .sorted(Comparator.comparing(DrillDirectory::number))
                    .toList();
        }
    }

    /** The number of an attempt, from the name of its directory. */
    static int number(Path attempt) {
        return Integer.parseInt(attempt.getFileName().toString());
    }

    private Path attemptsDirectory() {
        return path.resolve("attempts");
    }
}
