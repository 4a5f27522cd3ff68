/**
 * The run directory: the only thing between running and judging. Its layout, its files (each with a format version),
 * writing them as things happen, reading them back, and judging a whole run by the checks.
 *
 * <p>Start with {@code RunDirectory}. What single records mean is in {@code history} and {@code plan}; how an attempt
 * is judged is in {@code check}.
 */
package dev.etcddrill.run;
