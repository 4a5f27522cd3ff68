/**
 * The parts of the page, one class each, in the order of the specification {@code report.md}: {@link
 * dev.etcddrill.report.section.VerdictSection}, {@link dev.etcddrill.report.section.MeasuredSection}, {@link
 * dev.etcddrill.report.section.BrokenSection}, {@link dev.etcddrill.report.section.PictureSection}, {@link
 * dev.etcddrill.report.section.NotProvenSection}, {@link dev.etcddrill.report.section.EvidenceSection}.
 *
 * <p>Start with {@link dev.etcddrill.report.section.ReportContent}, which all of them are written from. Attempts are
 * read one by one into {@link dev.etcddrill.report.section.AttemptDigest}, so that no more than one attempt's record is
 * held in memory. Reading files is the work of {@code dev.etcddrill.report}.
 */
package dev.etcddrill.report.section;
