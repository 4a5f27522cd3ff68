/**
 * Running drills: preparing a run before the sandbox is entered ({@link dev.etcddrill.drill.Preparation}), the run itself
 * with its clusters, load, probes and evidence ({@link dev.etcddrill.drill.DrillSession}), and what is printed meanwhile.
 * The drills themselves are in the module {@code scenarios}; judging is the evidence module's work.
 */
package dev.etcddrill.drill;
