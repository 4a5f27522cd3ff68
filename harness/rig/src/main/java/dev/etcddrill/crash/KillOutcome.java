package dev.etcddrill.crash;

import java.time.Duration;
import java.util.List;

/** What came of a kill. */
sealed interface KillOutcome {
    /**
     * The run was killed.
     *
     * @param victim who was: the owner where there was no drilling JVM yet
     * @param took until nothing was left, or until the patience ended
     * @param left what differs from before; empty where nothing does
     * @param judged what the checks say of the run's directory
     */
    record Killed(Kill.Victim victim, Duration took, List<String> left, String judged) implements KillOutcome {
        public Killed {
            left = List.copyOf(left);
        }
    }

    /**
     * The run ended before its moment came.
     *
     * @param exitCode of the program
     * @param lastLine that it printed
     * @param took from its start
     * @param left what differs from before; empty where nothing does
     */
    record EndedBefore(int exitCode, String lastLine, Duration took, List<String> left) implements KillOutcome {
        public EndedBefore {
            left = List.copyOf(left);
        }
    }

    /** What differs from before. */
    List<String> left();
}
