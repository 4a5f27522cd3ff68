/**
 * From a run directory to what people read: one HTML file that needs no network and no script.
 *
 * <p>Start with {@link dev.etcddrill.report.HtmlReport}. Packages, each seeing only those after it: {@code report}
 * (reads the directory, writes the file) → {@code section} (the parts of the page) → {@code picture} (SVG) → {@code
 * timeline} (what happened when) → {@code markup} (escaping, wording). Nothing here judges or runs anything.
 */
package dev.etcddrill.report;
