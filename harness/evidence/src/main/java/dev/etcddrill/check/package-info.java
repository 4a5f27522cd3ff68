/**
 * Checks: pure functions from what was recorded to a verdict. Offline: no check talks to a cluster, so a stored run can
 * be judged again with the same verdict.
 *
 * <p>Start with {@link dev.etcddrill.check.Check}. How a run is recorded is in {@code run} and {@code history}.
 */
package dev.etcddrill.check;
