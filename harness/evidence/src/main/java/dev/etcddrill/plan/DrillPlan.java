package dev.etcddrill.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a drill promises to show, written before it starts, so that judging needs neither the recipe nor the drill's
 * code.
 *
 * @param id unique in the run and fit for a directory name, such as {@code leader-lost@guide-3-node}
 * @param title for people, such as {@code leader lost}
 * @param promise the sentence of the guarantee that is drilled
 * @param source where the promise is documented
 * @param recipe name of the recipe
 * @param members names of the cluster's members, in the recipe's order
 * @param etcdVersion such as {@code 3.6.16}
 * @param runtime such as {@code sandbox}
 * @param checks ids of the checks that judge each attempt
 * @param requiredClasses the classes that attempts must cover, in the order in which they are listed
 * @param objectives the bounds that the recipe states or derives
 * @param notRun why the drill cannot run on this machine; empty where it can
 */
public record DrillPlan(
        String id,
        String title,
        String promise,
        String source,
        String recipe,
        List<String> members,
        String etcdVersion,
        String runtime,
        List<String> checks,
        List<String> requiredClasses,
        Objectives objectives,
        Optional<String> notRun) {
    public DrillPlan {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(promise, "promise");
        requireNonNull(source, "source");
        requireNonNull(recipe, "recipe");
        members = List.copyOf(members);
        requireNonNull(etcdVersion, "etcdVersion");
        requireNonNull(runtime, "runtime");
        checks = List.copyOf(checks);
        requiredClasses = List.copyOf(requiredClasses);
        requireNonNull(objectives, "objectives");
        requireNonNull(notRun, "notRun");
    }

    /** The bounds on recovery, copied from the recipe. */
    public record Objectives(Bound writeGapAfterLeaderLoss, Bound fullHealthAfterFault) {
        public Objectives {
            requireNonNull(writeGapAfterLeaderLoss, "writeGapAfterLeaderLoss");
            requireNonNull(fullHealthAfterFault, "fullHealthAfterFault");
        }
    }

    /**
     * A bound and where it comes from.
     *
     * @param source {@code stated in the recipe}, or the formula and its source
     */
    public record Bound(Duration value, String source) {
        public Bound {
            requireNonNull(value, "value");
            requireNonNull(source, "source");
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("a bound must be longer than zero, but is " + value);
            }
        }
    }
}
