package dev.etcddrill.report.section;

import dev.etcddrill.report.markup.Html;

/** A part of the page. */
@FunctionalInterface
public interface Section {
    /** Writes the part, with its heading. */
    void write(Html html, ReportContent content);
}
