package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What one attempt of a drill is meant to do. Targets are resolved when the attempt starts, because who is leader is
 * known only then; the resolved ones are in the fault events.
 *
 * @param drill id of the drill
 * @param number of the attempt within the drill, from 1
 * @param coverageClass which of the drill's classes this attempt covers, such as {@code 5 members, 2 killed, with the
 *     leader}; the same text as in {@link DrillPlan#requiredClasses()}
 * @param seed that everything random in the attempt is derived from
 * @param steps one line each, for the reader
 * @param clients how many clients put load on the cluster
 */
public record AttemptPlan(String drill, int number, String coverageClass, long seed, List<String> steps, int clients) {
    public AttemptPlan {
        requireNonNull(drill, "drill");
        requireNonNull(coverageClass, "coverageClass");
        steps = List.copyOf(steps);
        if (number < 1) {
            throw new IllegalArgumentException("attempts are numbered from 1, but this is " + number);
        }
        if (clients < 1) {
            throw new IllegalArgumentException("an attempt needs at least 1 client, but has " + clients);
        }
    }
}
