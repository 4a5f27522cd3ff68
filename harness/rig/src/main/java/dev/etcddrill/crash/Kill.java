package dev.etcddrill.crash;

import static java.util.Objects.requireNonNull;

/**
 * One kill to be done.
 *
 * @param fault id of the fault type that the killed run injects
 * @param moment when
 * @param victim who
 */
record Kill(String fault, Moment moment, Victim victim) {
    Kill {
        requireNonNull(fault, "fault");
        requireNonNull(moment, "moment");
        requireNonNull(victim, "victim");
    }

    /** Who is killed. */
    enum Victim {
        /** The process that the run belongs to, in the place of Maven. */
        OWNER("the run's owner"),
        /** The JVM that drills; in a sandbox it is init. */
        DRILL("the drilling JVM");

        private final String text;

        Victim(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
