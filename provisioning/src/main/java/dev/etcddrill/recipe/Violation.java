package dev.etcddrill.recipe;

/**
 * A rule that values break together.
 *
 * @param path the field to point at, such as {@code spec.members[1].address}
 * @param message what was expected, what was found and what to do
 */
record Violation(String path, String message) {}
