/**
 * The drills: each a JUnit 5 or jqwik class with its definition beside it. What a drill promises is in its
 * {@code DEFINITION}; how it is judged is in the evidence module's checks. {@link dev.etcddrill.scenario.Drills} lists
 * them.
 */
package dev.etcddrill.scenario;
