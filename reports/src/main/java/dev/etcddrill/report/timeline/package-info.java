/**
 * What a reader of one attempt wants to see on its time axis, derived from the record by pure functions: lives of faults
 * and members, terms of leaders, times without a successful operation, moments worth a mark.
 *
 * <p>Start with {@link dev.etcddrill.report.timeline.AttemptTimeline}. Nothing here judges: what these times mean is
 * for the checks in {@code dev.etcddrill.check} to say. Drawing is in {@code picture}.
 */
package dev.etcddrill.report.timeline;
