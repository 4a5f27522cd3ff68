package dev.etcddrill.report.picture;

import static dev.etcddrill.report.picture.TimeScale.coordinate;

import dev.etcddrill.history.Outcome;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.picture.DotSelection.Dot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Draws dots, all of one shape as one path: thousands of them as elements of their own would make a page slow and large.
 * Answered writes are filled dots, answered reads smaller pale ones, failed ones crosses, unknown ones open triangles.
 */
final class DotShapes {
    private DotShapes() {}

    /** The shapes, in the order in which they cover each other. */
    private enum Shape {
        /** A line of no length with round ends is a dot (SVG 2, section 13.5.2, stroke-linecap). */
        READ("dot read", "h0"),
        WRITE("dot write", "h0"),
        UNKNOWN("unknown", "m0-4l4 7h-8z"),
        FAILED("failed", "m-3-3l6 6m0-6l-6 6");

        private final String style;
        private final String strokes;

        Shape(String style, String strokes) {
            this.style = style;
            this.strokes = strokes;
        }

        static Shape of(Dot dot) {
            Outcome outcome = dot.operation().outcome();
            if (outcome instanceof Outcome.Failed) {
                return FAILED;
            } else if (outcome instanceof Outcome.Unknown) {
                return UNKNOWN;
            }
            return dot.operation().request().mutates() ? WRITE : READ;
        }
    }

    /** Draws each dot; of those that have the same shape at the very same place, one. */
    static void draw(Html into, List<Dot> dots) {
        for (Shape shape : Shape.values()) {
            StringBuilder path = new StringBuilder();
            Set<String> places = new HashSet<>();
            for (Dot dot : dots) {
                String place = coordinate(dot.x()) + " " + coordinate(dot.y());
                if (Shape.of(dot) == shape && places.add(place)) {
                    path.append('M').append(place).append(shape.strokes);
                }
            }
            if (path.length() > 0) {
                into.start("path")
                        .styled(shape.style)
                        .attribute("d", path.toString())
                        .end("path");
            }
        }
    }
}
