package dev.etcddrill.report.section;

import dev.etcddrill.report.markup.Html;

/** Explains the shapes of the timelines. */
final class Legend {
    private Legend() {}

    static void write(Html html, String id) {
        html.start("ul").styled("legend").attribute("id", id).attribute("aria-label", "Shapes in the pictures");
        entry(html, "answered write", 12, svg -> path(svg, "dot write", "M6 8h0"));
        entry(html, "answered read", 12, svg -> path(svg, "dot read", "M6 8h0"));
        entry(html, "failed: did not happen", 12, svg -> path(svg, "failed", "M3 5l6 6m0-6l-6 6"));
        entry(html, "unknown: may have happened", 12, svg -> path(svg, "unknown", "M6 4l4 7h-8z"));
        entry(
                html,
                "pointed at by a check",
                16,
                svg -> svg.start("circle")
                        .styled("pointed")
                        .attribute("cx", "8")
                        .attribute("cy", "8")
                        .attribute("r", "6")
                        .end("circle"));
        entry(html, "fault injected", 24, svg -> rectangle(svg, "fault", 24));
        entry(html, "fault in force", 24, svg -> {
            rectangle(svg, "fault", 24);
            rectangle(svg, "fault-seen", 24);
        });
        entry(html, "no success for longer than 250 ms", 24, svg -> rectangle(svg, "outage", 24));
        entry(html, "the same for writes, over all lanes", 24, svg -> rectangle(svg, "no-write", 24));
        entry(html, "member answers", 24, svg -> rectangle(svg, "up", 24));
        entry(html, "member silent", 24, svg -> rectangle(svg, "silent", 24));
        entry(html, "process ended", 24, svg -> {
            path(svg, "ended", "M0 8h24");
            path(svg, "cross", "M2 4.5l7 7m0-7l-7 7");
        });
        entry(html, "mark; its words: in the numbers below its picture, or under the pointer", 16, svg -> {
            rectangle(svg, "number", 16);
            svg.start("text")
                    .styled("numeral")
                    .attribute("x", "8")
                    .attribute("y", "12")
                    .text("1")
                    .end("text");
        });
        html.end("ul").newLine();
    }

    @FunctionalInterface
    private interface Shape {
        void draw(Html svg);
    }

    private static void entry(Html html, String words, int width, Shape shape) {
        html.start("li")
                .start("svg")
                .attribute("xmlns", "http://www.w3.org/2000/svg")
                .styled("sample")
                .attribute("aria-hidden", "true")
                .attribute("width", String.valueOf(width))
                .attribute("height", "16")
                .attribute("viewBox", "0 0 " + width + " 16");
        shape.draw(html);
        html.end("svg").text(" " + words).end("li");
    }

    private static void path(Html svg, String style, String strokes) {
        svg.start("path").styled(style).attribute("d", strokes).end("path");
    }

    private static void rectangle(Html svg, String style, int width) {
        svg.start("rect")
                .styled(style)
                .attribute("x", "0")
                .attribute("y", "3")
                .attribute("width", String.valueOf(width))
                .attribute("height", "10")
                .end("rect");
    }
}
