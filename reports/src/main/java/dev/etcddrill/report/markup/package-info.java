/**
 * Writing HTML that is well-formed XML and in which nothing that was recorded can become markup, and the wording of
 * numbers and times.
 *
 * <p>Start with {@link dev.etcddrill.report.markup.Html}. Depends on nothing but the JDK. What the page says is in
 * {@code section}, what it draws in {@code picture}.
 */
package dev.etcddrill.report.markup;
