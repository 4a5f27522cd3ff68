package dev.etcddrill.report;

import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.section.BrokenSection;
import dev.etcddrill.report.section.EvidenceSection;
import dev.etcddrill.report.section.MeasuredSection;
import dev.etcddrill.report.section.NotProvenSection;
import dev.etcddrill.report.section.PictureSection;
import dev.etcddrill.report.section.ReportContent;
import dev.etcddrill.report.section.Section;
import dev.etcddrill.report.section.VerdictSection;
import dev.etcddrill.run.ReportWriter;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Writes {@code report.html}: one file that needs no network and no script, first what the run means, then what that
 * rests on. How to read it: {@code docs/report.md}. The same run directory gives the same bytes.
 */
public final class HtmlReport implements ReportWriter {
    private static final String STYLE_SHEET = "report.css";

    /** Nothing in the page may run or load: whatever a cluster wrote into its logs, no browser executes it. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    /** In the order of the specification {@code report.md}. */
    private final List<Section> sections = List.of(
            new MeasuredSection(),
            new BrokenSection(),
            new PictureSection(),
            new NotProvenSection(),
            new EvidenceSection());

    /** For {@link java.util.ServiceLoader}. */
    public HtmlReport() {}

    @Override
    public Path write(RunDirectory run, RunVerdict verdict) throws IOException {
        String page = page(RunReader.read(run, verdict));
        Path file = run.reportFile();
        // Written beside and renamed, so that nobody opens half a page. A listener and a shutdown hook may both write.
        Path unfinished = run.path()
                .resolve(".report-" + ProcessHandle.current().pid() + "-"
                        + Thread.currentThread().getId() + ".html");
        try {
            Files.writeString(unfinished, page, StandardCharsets.UTF_8);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return file;
    }

    /** The whole page. */
    String page(ReportContent content) {
        Html html = new Html();
        html.start("html").attribute("lang", "en").attribute("xmlns", "http://www.w3.org/1999/xhtml");
        html.start("head").newLine();
        html.start("meta").attribute("charset", "utf-8").end("meta");
        html.start("meta")
                .attribute("http-equiv", "Content-Security-Policy")
                .attribute("content", POLICY)
                .end("meta");
        html.start("meta")
                .attribute("name", "viewport")
                .attribute("content", "width=device-width, initial-scale=1")
                .end("meta");
        html.start("meta")
                .attribute("name", "color-scheme")
                .attribute("content", "light dark")
                .end("meta");
        html.element(
                        "title",
                        content.run().verdict().word() + " · etcd-drill "
                                + String.join(", ", content.run().triedRecipes()))
                .newLine();
        html.start("style").verbatim(styleSheet()).end("style");
        html.end("head").newLine();
        html.start("body").newLine();
        patterns(html);
        new VerdictSection().write(html, content);
        contents(html);
        html.start("main").newLine();
        sections.forEach(section -> section.write(html, content));
        html.end("main").end("body").end("html").newLine();
        return "<!DOCTYPE html>\n" + html.complete();
    }

    private static void contents(Html html) {
        html.start("nav").attribute("aria-label", "Parts of this page").start("ul");
        link(html, "measured", "Promised and measured");
        link(html, "broken", "What did not pass");
        link(html, "pictures", "The run as a picture");
        link(html, "not-proven", "Not proven by this run");
        link(html, "evidence", "Evidence");
        html.end("ul").end("nav").newLine();
    }

    private static void link(Html html, String anchor, String words) {
        html.start("li")
                .start("a")
                .attribute("href", "#" + anchor)
                .text(words)
                .end("a")
                .end("li");
    }

    /** Hatchings that all pictures share: what they tell must not depend on colour. */
    private static void patterns(Html html) {
        html.start("svg")
                .attribute("xmlns", "http://www.w3.org/2000/svg")
                .styled("patterns")
                .attribute("width", "0")
                .attribute("height", "0")
                .attribute("aria-hidden", "true")
                .start("defs");
        pattern(html, "hatch-fault", "6", "M-1 7l8-8M-1 1l2-2M5 7l2-2");
        pattern(html, "hatch-silent", "4", "M2 0v4");
        pattern(html, "hatch-outage", "8", "M-1-1l10 10M-1 7l2 2M7-1l2 2");
        html.end("defs").end("svg").newLine();
    }

    private static void pattern(Html html, String id, String size, String strokes) {
        html.start("pattern")
                .attribute("id", id)
                .attribute("width", size)
                .attribute("height", size)
                .attribute("patternUnits", "userSpaceOnUse");
        html.start("path").styled(id).attribute("d", strokes).end("path");
        html.end("pattern");
    }

    private static String styleSheet() {
        try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE_SHEET)) {
            if (in == null) {
                throw new IllegalStateException("expected " + STYLE_SHEET + " beside " + HtmlReport.class.getName()
                        + " in its jar, but it is missing: build the module again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
