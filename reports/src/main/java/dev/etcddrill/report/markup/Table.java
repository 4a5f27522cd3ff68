package dev.etcddrill.report.markup;

import java.util.List;

/**
 * Writes a table that a screen reader can follow: a caption, column headers and, as first cell of every row, a row
 * header. It scrolls sideways by itself where the page is narrower.
 */
public final class Table {
    private final Html html;

    /** One cell: writes its content. */
    @FunctionalInterface
    public interface Cell {
        void write(Html html);

        /** A cell of text. */
        static Cell text(String text) {
            return html -> html.text(text);
        }

        /** A cell of text in the type of code. */
        static Cell code(String text) {
            return html -> html.element("code", text);
        }
    }

    private Table(Html html) {
        this.html = html;
    }

    /** Opens a table; {@link #end()} closes it. */
    public static Table start(Html html, String caption, List<String> columns) {
        html.start("div")
                .styled("scroll")
                .attribute("tabindex", "0")
                .attribute("role", "region")
                .attribute("aria-label", caption);
        html.start("table").element("caption", caption);
        html.start("thead").start("tr");
        for (String column : columns) {
            html.start("th").attribute("scope", "col").text(column).end("th");
        }
        html.end("tr").end("thead").start("tbody").newLine();
        return new Table(html);
    }

    /** A row of texts. */
    public Table row(String header, String... cells) {
        html.start("tr").start("th").attribute("scope", "row").text(header).end("th");
        for (String cell : cells) {
            html.element("td", cell);
        }
        html.end("tr").newLine();
        return this;
    }

    /** A row of cells with markup of their own. */
    public Table row(Cell header, List<Cell> cells) {
        html.start("tr").start("th").attribute("scope", "row");
        header.write(html);
        html.end("th");
        for (Cell cell : cells) {
            html.start("td");
            cell.write(html);
            html.end("td");
        }
        html.end("tr").newLine();
        return this;
    }

    /** Closes the table. */
    public void end() {
        html.end("tbody").end("table").end("div").newLine();
    }
}
