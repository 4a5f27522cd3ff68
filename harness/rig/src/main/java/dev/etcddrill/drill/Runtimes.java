package dev.etcddrill.drill;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.RuntimeKind;
import dev.etcddrill.cluster.docker.Docker;
import dev.etcddrill.cluster.loopback.Loopback;
import dev.etcddrill.cluster.sandbox.Sandbox;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.run.ExitStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The kinds of runtime, and which of them a run takes (design decision 2). */
public final class Runtimes {
    /** Lets the choice to us. */
    public static final String AUTO = "auto";

    private final List<RuntimeKind> kinds;

    Runtimes(List<RuntimeKind> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    /** All that there are, the most capable first. */
    public static Runtimes all() {
        return new Runtimes(List.of(new Sandbox(), new Docker(), new Loopback()));
    }

    /** What {@code drill.runtime} may be. */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(AUTO));
        kinds.forEach(kind -> names.add(kind.name()));
        return names;
    }

    /**
     * The kind of a name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public RuntimeKind named(String name) {
        return kinds.stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("drill.runtime must be one of " + names() + ", but is " + name));
    }

    /**
     * Why no run can do a fault; empty where one can.
     *
     * @param name as for a run, {@link #AUTO} included
     */
    public Optional<String> obstacle(String name, FaultDescription fault) {
        List<Capability> needs = fault.needs().stream().map(Capability::of).toList();
        List<String> obstacles = new ArrayList<>();
        for (RuntimeKind kind : name.equals(AUTO) ? kinds : List.of(named(name))) {
            Optional<String> obstacle = kind.missing()
                    .map(missing -> kind.name() + " is not possible here (" + missing + ")")
                    .or(() -> needs.stream()
                            .flatMap(need -> kind.obstacle(need).stream())
                            .findFirst()
                            .map(own -> kind.name() + " " + own));
            if (obstacle.isEmpty()) {
                return Optional.empty();
            }
            obstacles.add(obstacle.get());
        }
        return Optional.of(String.join("; ", obstacles));
    }

    /**
     * Chooses.
     *
     * @param name the user's; with {@link #AUTO} the first that can do most of the drills, and no other is asked once one
     *     can do all
     * @param drills what each chosen drill needs
     * @throws PreparationException where the one that is named, or every one, is missing here
     */
    Choice choose(String name, List<Collection<Capability>> drills) {
        if (!name.equals(AUTO)) {
            RuntimeKind kind = named(name);
            kind.missing().ifPresent(missing -> {
                throw new PreparationException(
                        ExitStatus.UNAVAILABLE, "No " + name + " is possible here: " + missing + ".");
            });
            return new Choice(kind, kind.description() + ": it was asked for");
        }
        Optional<RuntimeKind> best = Optional.empty();
        long most = -1;
        List<String> others = new ArrayList<>();
        for (RuntimeKind kind : kinds) {
            Optional<String> missing = kind.missing();
            if (missing.isPresent()) {
                others.add(kind.name() + " is not possible here (" + missing.get() + ")");
                continue;
            }
            long able = drills.stream()
                    .filter(needs ->
                            needs.stream().allMatch(need -> kind.obstacle(need).isEmpty()))
                    .count();
            if (able > most) {
                best.ifPresent(worse -> others.add(worse.name() + " can do fewer"));
                best = Optional.of(kind);
                most = able;
            } else {
                others.add(kind.name() + " can do no more");
            }
            if (able == drills.size()) {
                break;
            }
        }
        RuntimeKind chosen = best.orElseThrow(() -> new PreparationException(
                ExitStatus.UNAVAILABLE, "No runtime is possible here: " + String.join("; ", others) + "."));
        return new Choice(
                chosen,
                chosen.description() + ": it can do "
                        + (most == drills.size()
                                ? "every chosen drill"
                                : most + " of " + drills.size() + " chosen drills")
                        + (others.isEmpty() ? "" : "; " + String.join("; ", others)));
    }

    /** What each can do here, as a table. */
    List<String> table() {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        kinds.forEach(kind -> head.add(kind.name()));
        rows.add(head);
        rows.add(row(
                "possible here",
                kind -> kind.missing().map(missing -> "no: " + missing).orElse("yes")));
        rows.add(row("addresses and paths of members", RuntimeKind::addresses));
        rows.add(row("way to other machines", RuntimeKind::wayOut));
        for (Capability capability : Capability.values()) {
            rows.add(row(
                    capability.sentence(),
                    kind -> kind.missing().isPresent()
                            ? "-"
                            : kind.obstacle(capability)
                                    .map(obstacle -> "no: " + obstacle)
                                    .orElse("yes")));
        }
        List<Integer> widths = IntStream.range(0, head.size())
                .mapToObj(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElseThrow())
                .toList();
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(column -> padded(row.get(column), widths.get(column)))
                        .collect(joining(" | ", "| ", " |")))
                .toList();
    }

    private static String padded(String cell, int width) {
        return cell + " ".repeat(width - cell.length());
    }

    private List<String> row(String name, java.util.function.Function<RuntimeKind, String> cell) {
        List<String> row = new ArrayList<>(List.of(name));
        kinds.forEach(kind -> row.add(cell.apply(kind)));
        return row;
    }

    /**
     * The runtime of a run.
     *
     * @param reason why this one, and what the others lacked
     */
    record Choice(RuntimeKind kind, String reason) {
        Choice {
            requireNonNull(kind, "kind");
            requireNonNull(reason, "reason");
        }
    }
}
