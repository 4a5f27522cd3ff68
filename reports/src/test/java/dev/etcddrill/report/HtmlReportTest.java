package dev.etcddrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.run.ReportWriter;
import dev.etcddrill.run.RunDirectory;
import dev.etcddrill.run.RunSummary;
import dev.etcddrill.run.RunVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** What the page says and how it is built, for a run that passed and one that did not. */
final class HtmlReportTest {
    @TempDir
    static Path runs;

    private static String failingText;
    private static Page failing;
    private static Page passing;
    private static RunVerdict passingVerdict;

    @BeforeAll
    static void writeReports() throws IOException {
        failingText = write(SampleRuns.failing());
        failing = Page.parse(failingText);
        SyntheticRun sample = SampleRuns.passing();
        passingVerdict = sample.verdict();
        passing = Page.parse(write(sample));
    }

    private static String write(SyntheticRun sample) throws IOException {
        RunDirectory run = sample.write(runs);
        return Files.readString(new HtmlReport().write(run, sample.verdict()));
    }

    @Test
    void isFoundAsReportWriter() {
        assertThat(ServiceLoader.load(ReportWriter.class)).hasAtLeastOneElementOfType(HtmlReport.class);
    }

    @Test
    void isWrittenIntoTheRunDirectoryAndLeavesNoOtherFile() throws IOException {
        SyntheticRun sample = SampleRuns.interrupted();
        RunDirectory run = sample.write(runs);

        Path report = new HtmlReport().write(run, sample.verdict());

        assertThat(report).isEqualTo(run.reportFile()).isRegularFile();
        try (var files = Files.list(run.path())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("drills", "environment.json", "plan.json", "report.html");
        }
    }

    @Test
    void theFirstHeadingOfAPassedRunIsTheLineThatTheConsoleShows() {
        assertThat(Page.text(passing.elements("h1").get(0)).substring("✓ ".length()))
                .isEqualTo(RunSummary.verdictLine(passingVerdict).replaceFirst(" · ", " "));
    }

    @Test
    void theFirstHeadingOfAFailedRunSaysWhatBroke() {
        assertThat(Page.text(failing.elements("h1").get(0)))
                .startsWith("✗ FAIL power loss on guide-3-node: An acknowledged write is gone");
    }

    @Test
    void theFirstScreenLinksToWhatBroke() {
        Element header = failing.elements("header").get(0);
        Element link = Page.elements(header, "a").get(0);

        assertThat(Page.text(link)).isEqualTo("power loss on guide-3-node");
        assertThat(Page.text(failing.byId(link.getAttribute("href").substring(1))))
                .contains("What to do:");
    }

    @Test
    void theFirstScreenHasSeedAndCommandToRunItAgain() {
        assertThat(Page.text(failing.elements("header").get(0))).contains("Seed 7");
        assertThat(Page.text(failing.elements("pre").get(0)))
                .isEqualTo("mvn verify -Pchaos -Ddrill.seed=7 -Ddrill.recipe=recipes/guide-3-node.yaml");
    }

    @Test
    void thePartsStandInTheOrderOfTheSpecification() {
        assertThat(failing.elements("h2").stream().map(Page::text))
                .containsExactly(
                        "Promised and measured",
                        "What did not pass",
                        "The run as a picture",
                        "Not proven by this run",
                        "Evidence");
    }

    @Test
    void everyDrillHasARowWithPromiseFigureEvidenceAndVerdict() {
        Element table = Page.elements(failing.byId("measured"), "tbody").get(0);
        List<String> rows = Page.elements(table, "tr").stream().map(Page::text).toList();

        assertThat(rows).hasSize(3);
        assertThat(rows.get(0))
                .contains("leader lost", "the next write commits within 3 s", "Source: etcd docs, op-guide/failures")
                .contains("write gap after losing the leader", "20 measured", "allowed 3.00 s")
                .contains("20 faults seen to take effect", "2 of 2 classes covered")
                .contains("2 of 2 checks hold in 2 attempts", "✓ PASS");
        assertThat(rows.get(1)).contains("1 of 2 checks hold in 2 attempts; not: durability", "✗ FAIL");
        assertThat(rows.get(2)).contains("Not run: needs root, for loop devices", "– NOT RUN");
    }

    @Test
    void whatBrokeIsShownByOperationsFaultsAndAdvice() {
        Element broken = failing.byId("broken");

        assertThat(Page.text(broken))
                .contains("A write that was acknowledged is never lost")
                .contains("Failed in attempt 2 of 2")
                .contains("no member has it at the end")
                .contains("What to do: Do not put this cluster into production.")
                .contains("No fault was in force while these operations ran; the next one was injected")
                .contains("power-loss etcd-1, etcd-2");
        Element processes = Page.elements(broken, "table").get(0);
        assertThat(processes.getAttribute("class")).isEqualTo("processes");
        assertThat(Page.elements(processes, "td").stream()
                        .filter(cell -> cell.getAttribute("class").startsWith("operation")))
                .hasSize(6);
        assertThat(Page.elements(broken, "svg").stream()
                        .filter(svg -> svg.getAttribute("class").equals("timeline")))
                .hasSize(1);
    }

    @Test
    void rowsOfTheTableOfProcessesAllHaveTheSameWidth() {
        Element processes = Page.elements(failing.byId("broken"), "table").get(0);
        int columns =
                Page.elements(Page.elements(processes, "thead").get(0), "th").size();
        List<Element> rows = Page.elements(Page.elements(processes, "tbody").get(0), "tr");
        int[] width = new int[rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            width[row]++;
            for (Element cell : Page.elements(rows.get(row), "td")) {
                String span = cell.getAttribute("rowspan");
                for (int below = 0; below < (span.isEmpty() ? 1 : Integer.parseInt(span)); below++) {
                    width[row + below]++;
                }
            }
        }

        assertThat(width).containsOnly(columns);
    }

    @Test
    void attemptsAreClosedExceptTheFirstThatFailed() {
        List<Element> attempts = failing.elements("details").stream()
                .filter(details -> details.getAttribute("class").equals("attempt"))
                .toList();

        assertThat(attempts).hasSize(4);
        assertThat(attempts.stream().filter(details -> details.hasAttribute("open")))
                .singleElement()
                .satisfies(open -> assertThat(Page.text(open)).startsWith("✗ FAIL attempt 2: a majority"));
        assertThat(passing.elements("details").stream().filter(details -> details.hasAttribute("open")))
                .isEmpty();
    }

    @Test
    void thePictureHasALaneForEverything() {
        Element attempt = failing.byId("drill-2-attempt-2");
        Element picture = Page.elements(attempt, "svg").get(0);

        assertThat(Page.elements(picture, "text").stream()
                        .filter(text -> text.getAttribute("class").equals("lane"))
                        .map(Page::text))
                .containsExactly(
                        "faults",
                        "leader, term",
                        "etcd-1",
                        "etcd-2",
                        "etcd-3",
                        "no writes",
                        "no linearizable reads",
                        "no serializable reads",
                        "latency",
                        "marks");
        assertThat(Page.elements(picture, "path").stream().map(path -> path.getAttribute("class")))
                .contains("dot read", "dot write", "unknown", "failed", "cross");
        assertThat(Page.elements(picture, "rect").stream().map(rectangle -> rectangle.getAttribute("class")))
                .contains("no-write", "fault", "fault-seen", "leader", "leaderless", "up", "outage");
        assertThat(Page.elements(picture, "circle")).hasSize(6);
    }

    @Test
    void whatWasNotRunStandsUnderNotProven() {
        assertThat(Page.text(failing.byId("not-proven")))
                .contains("power loss of all on production-5-node: needs root, for loop devices")
                .contains("The systemd unit was not executed");
    }

    @Test
    void theEvidenceHasCountsFaultsBoundsHostProgramsAndFiles() {
        assertThat(Page.text(failing.byId("evidence")))
                .contains("Operations by kind and outcome", "transaction (put if unchanged)")
                .contains("leader lost on guide-3-node: 20 faults")
                .contains("2 x election timeout of 1 s + 1 s (etcd tuning guide)", "stated in the recipe")
                .contains("never while it was watched", "Linux 6.18", "1.6 ms")
                .contains("built by the installed Go toolchain")
                .contains("drills/power-loss@guide-3-node/attempts/2/history.jsonl")
                .doesNotContain("report.html");
    }

    @Test
    void everyPictureHasATitleAndADescription() {
        List<Element> pictures = failing.elements("svg").stream()
                .filter(svg -> !svg.getAttribute("aria-hidden").equals("true"))
                .toList();

        assertThat(pictures).isNotEmpty().allSatisfy(svg -> {
            assertThat(svg.getAttribute("role")).isEqualTo("img");
            for (String id : svg.getAttribute("aria-labelledby").split(" ", -1)) {
                assertThat(Page.text(failing.byId(id))).isNotEmpty();
            }
        });
    }

    @Test
    void everyTableHasACaptionAndHeadersWithScope() {
        assertThat(failing.elements("table"))
                .isNotEmpty()
                .allSatisfy(table -> assertThat(Page.elements(table, "caption")).hasSize(1));
        assertThat(failing.elements("th"))
                .isNotEmpty()
                .allSatisfy(header -> assertThat(header.getAttribute("scope")).isIn("col", "row"));
    }

    @Test
    void headingsGoDownOneLevelAtATime() {
        List<Integer> levels = new ArrayList<>();
        for (Element element : failing.elements("*")) {
            if (element.getTagName().matches("h[1-6]")) {
                levels.add(element.getTagName().charAt(1) - '0');
            }
        }

        assertThat(levels).startsWith(1, 2);
        for (int index = 1; index < levels.size(); index++) {
            assertThat(levels.get(index)).isGreaterThan(1).isLessThanOrEqualTo(levels.get(index - 1) + 1);
        }
    }

    @Test
    void idsAreUniqueAndLinksLeadSomewhere() {
        List<String> ids = failing.elements("*").stream()
                .map(element -> element.getAttribute("id"))
                .filter(id -> !id.isEmpty())
                .toList();

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(failing.elements("a"))
                .isNotEmpty()
                .allSatisfy(link ->
                        assertThat(ids).contains(link.getAttribute("href").substring(1)));
    }

    @Test
    void nothingIsLoadedFromElsewhereAndNoScriptIsNeeded() {
        assertThat(failing.elements("script")).isEmpty();
        assertThat(failingText).doesNotContain(" src=", "@import", "url(http", "//cdn");
        assertThat(failing.elements("link")).isEmpty();
    }

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        assertThat(write(SampleRuns.failing())).isEqualTo(failingText);
    }
}
