package dev.etcddrill.report.picture;

import static dev.etcddrill.report.picture.Shapes.line;
import static dev.etcddrill.report.picture.Shapes.text;
import static dev.etcddrill.report.picture.TimeScale.coordinate;

import dev.etcddrill.check.Figure;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The values of a figure as ticks on a line, its median as a taller one, and its bound as a wall: small enough to stand
 * in a cell beside the same in words.
 */
public final class DistributionPicture {
    private static final double WIDTH = 220;
    private static final double HEIGHT = 30;
    private static final double LEFT = 4;
    private static final double RIGHT = 4;
    private static final double LINE = 14;

    private DistributionPicture() {}

    /**
     * Draws the figure.
     *
     * @param figure with at least one value
     * @param id unique in the page
     */
    public static Html draw(Figure figure, String id) {
        List<Duration> values =
                figure.values().stream().sorted(Comparator.naturalOrder()).toList();
        Duration longest = values.get(values.size() - 1);
        Duration bound = figure.bound().orElse(longest);
        double most = Math.max(TimeScale.seconds(longest), TimeScale.seconds(bound)) * 1.08;
        double unit = (WIDTH - LEFT - RIGHT) / Math.max(most, 1e-6);

        Html picture = new Html();
        picture.start("svg")
                .attribute("xmlns", "http://www.w3.org/2000/svg")
                .styled("distribution")
                .attribute("viewBox", "0 0 " + coordinate(WIDTH) + " " + coordinate(HEIGHT))
                .attribute("role", "img")
                .attribute("aria-labelledby", id + "-title " + id + "-description");
        picture.start("title")
                .attribute("id", id + "-title")
                .text("Distribution of " + figure.name())
                .end("title");
        picture.start("desc")
                .attribute("id", id + "-description")
                .text(Distribution.of(figure).words())
                .end("desc");
        line(picture, "base", LEFT, LINE, WIDTH - RIGHT, LINE);
        StringBuilder path = new StringBuilder();
        String last = "";
        for (Duration value : values) {
            String x = coordinate(LEFT + TimeScale.seconds(value) * unit);
            if (!x.equals(last)) {
                path.append('M')
                        .append(x)
                        .append(' ')
                        .append(coordinate(LINE - 5))
                        .append("v10");
                last = x;
            }
        }
        picture.start("path").styled("value").attribute("d", path.toString()).end("path");
        double median = LEFT + TimeScale.seconds(Distribution.of(figure).median()) * unit;
        line(picture, "median", median, LINE - 10, median, LINE + 7);
        text(picture, "start", LEFT, HEIGHT - 1, "0");
        if (figure.bound().isPresent()) {
            double wall = LEFT + TimeScale.seconds(bound) * unit;
            line(picture, "wall", wall, 2, wall, LINE + 9);
            picture.start("rect")
                    .styled("beyond")
                    .attribute("x", coordinate(wall))
                    .attribute("y", "2")
                    .attribute("width", coordinate(WIDTH - wall))
                    .attribute("height", coordinate(LINE + 7))
                    .end("rect");
            text(
                    picture,
                    wall > WIDTH / 2 ? "finish" : "start",
                    wall > WIDTH / 2 ? wall - 3 : wall + 3,
                    HEIGHT - 1,
                    Wording.inSeconds(bound));
        }
        picture.end("svg");
        return picture;
    }
}
