package dev.etcddrill.report.timeline;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.history.Observation;
import dev.etcddrill.report.markup.Wording;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Something that happened at one point of time and helps to read the picture. */
public record Moment(Duration at, String text) {
    public Moment {
        requireNonNull(at, "at");
        requireNonNull(text, "text");
    }

    /** The moments among the observations, in their order. */
    public static List<Moment> of(List<Observation> observations) {
        return observations.stream()
                .flatMap(observation -> of(observation).stream())
                .toList();
    }

    private static Optional<Moment> of(Observation observation) {
        if (observation instanceof Observation.Mark mark) {
            return Optional.of(new Moment(mark.at(), mark.text()));
        } else if (observation instanceof Observation.Formation formation) {
            return Optional.of(new Moment(
                    formation.at(),
                    (formation.ready() ? "cluster ready after " : "cluster not ready, given up after ")
                            + Wording.took(formation.took())
                            + explained(formation.detail())));
        } else if (observation instanceof Observation.Backup backup) {
            return Optional.of(new Moment(
                    backup.at(),
                    "backup script on " + backup.member() + " exit " + backup.exitCode()
                            + backup.file().map(file -> ", left " + file).orElse(", left no file")
                            + backup.revision()
                                    .map(revision -> " at revision " + Wording.count(revision))
                                    .orElse("")
                            + ", took " + Wording.took(backup.at().minus(backup.started()))
                            + explained(backup.detail())));
        } else if (observation instanceof Observation.Restore restore) {
            return Optional.of(new Moment(
                    restore.at(),
                    "restored " + restore.file() + " as " + restore.incarnation()
                            + (restore.ready() ? "" : ", which did not become ready") + explained(restore.detail())));
        } else if (observation instanceof Observation.DamagedSnapshot damaged) {
            return Optional.of(new Moment(
                    damaged.at(),
                    "restore script on " + damaged.member() + ", given a snapshot with " + damaged.damage() + ", exit "
                            + damaged.exitCode() + (damaged.dataChanged() ? ", and it left data" : "")
                            + explained(damaged.detail())));
        } else if (observation instanceof Observation.StartAfterDataLoss start) {
            return Optional.of(new Moment(
                    start.at(),
                    start.member() + " started from its files after " + start.fault() + ": "
                            + (start.refused() ? "refused" : "etcd runs") + explained(start.detail())));
        } else if (observation instanceof Observation.OldWatch watch) {
            return Optional.of(new Moment(
                    watch.at(),
                    "watch from old revision " + Wording.count(watch.fromRevision()) + " on " + watch.member()
                            + watch.compactRevision()
                                    .map(revision -> ": told that it was compacted")
                                    .orElse(": not told that it was compacted, "
                                            + Wording.count(watch.events(), "event") + " instead")));
        } else if (observation instanceof Observation.Recovery recovery) {
            return Optional.of(new Moment(
                    recovery.at(),
                    "recovery from " + recovery.fault() + ": first write after "
                            + orGivenUp(recovery.firstWrite()) + ", equal state after "
                            + orGivenUp(recovery.equalState()) + explained(recovery.detail())));
        } else if (observation instanceof Observation.MemberExit exit && !exit.expected()) {
            return Optional.of(new Moment(
                    exit.at(),
                    exit.member() + " ended by itself"
                            + (exit.exitCode().isPresent()
                                    ? ", exit " + exit.exitCode().getAsInt()
                                    : "")));
        }
        return Optional.empty();
    }

    private static String orGivenUp(Optional<Duration> duration) {
        return duration.map(Wording::inSeconds).orElse("(given up)");
    }

    private static String explained(String detail) {
        return detail.isBlank() ? "" : ": " + detail.lines().collect(Collectors.joining(" / "));
    }
}
