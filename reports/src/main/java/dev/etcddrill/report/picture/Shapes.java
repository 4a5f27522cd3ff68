package dev.etcddrill.report.picture;

import static dev.etcddrill.report.picture.TimeScale.coordinate;

import dev.etcddrill.report.markup.Html;

/** The few SVG elements that every picture is made of. */
final class Shapes {
    private Shapes() {}

    static void rectangle(Html into, String style, double x, double y, double width, double height) {
        into.start("rect")
                .styled(style)
                .attribute("x", coordinate(x))
                .attribute("y", coordinate(y))
                .attribute("width", coordinate(width))
                .attribute("height", coordinate(height))
                .end("rect");
    }

    static void line(Html into, String style, double x1, double y1, double x2, double y2) {
        into.start("line")
                .styled(style)
                .attribute("x1", coordinate(x1))
                .attribute("y1", coordinate(y1))
                .attribute("x2", coordinate(x2))
                .attribute("y2", coordinate(y2))
                .end("line");
    }

    static void text(Html into, String style, double x, double y, String words) {
        into.start("text")
                .styled(style)
                .attribute("x", coordinate(x))
                .attribute("y", coordinate(y))
                .text(words)
                .end("text");
    }
}
