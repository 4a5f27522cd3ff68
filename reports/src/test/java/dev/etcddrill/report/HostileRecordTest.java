package dev.etcddrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import dev.etcddrill.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Whatever a cluster or a recipe says, a browser only shows it. */
final class HostileRecordTest {
    private static final String HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\u0000\u202e";

    @TempDir
    Path runs;

    @Test
    void nothingThatWasRecordedBecomesMarkup() throws IOException {
        SyntheticRun sample = hostileRun();
        RunDirectory run = sample.write(runs);

        String text = Files.readString(new HtmlReport().write(run, sample.verdict()));
        Page page = Page.parse(text);

        assertThat(text).doesNotContain("<script", "<img", "\u0000", "\u202e");
        assertThat(page.elements("script")).isEmpty();
        assertThat(page.elements("img")).isEmpty();
        assertThat(page.elements("*").stream().flatMap(element -> attributes(element).stream()))
                .noneMatch(name -> name.startsWith("on"));
        assertThat(page.document().getDocumentElement().getTextContent())
                .contains("\"'><script>alert(1)</script>", "\\u0000\\u202e");
    }

    private static List<String> attributes(Element element) {
        return java.util.stream.IntStream.range(0, element.getAttributes().getLength())
                .mapToObj(index -> element.getAttributes().item(index).getNodeName())
                .toList();
    }

    private static SyntheticRun hostileRun() {
        DrillPlan plan = new DrillPlan(
                "hostile",
                HOSTILE,
                HOSTILE,
                HOSTILE,
                HOSTILE,
                List.of("etcd-1"),
                HOSTILE,
                HOSTILE,
                List.of(HOSTILE),
                List.of(HOSTILE),
                SyntheticRun.plan("any", 3, List.of()).objectives(),
                Optional.empty());
        AttemptPlan attempt = new AttemptPlan("hostile", 1, HOSTILE, 1, List.of(HOSTILE), 1);
        Operation operation = new Operation(
                1,
                0,
                HOSTILE,
                HOSTILE,
                new Request.Put(HOSTILE, HOSTILE),
                Duration.ofMillis(10),
                Optional.of(Duration.ofMillis(900)),
                new Outcome.Failed(HOSTILE));
        AttemptEvidence evidence = new AttemptEvidence(
                plan,
                attempt,
                List.of(operation),
                List.of(new FaultEvent(
                        Duration.ofMillis(5), HOSTILE, HOSTILE, FaultEvent.Phase.INJECTED, List.of(HOSTILE), HOSTILE)),
                List.of(
                        new Observation.Mark(Duration.ofMillis(7), HOSTILE),
                        new Observation.MemberStatus(
                                Duration.ofMillis(8),
                                HOSTILE,
                                HOSTILE,
                                Optional.of(SyntheticAttempt.header(HOSTILE, 1, 1)),
                                Optional.of(HOSTILE),
                                Optional.empty(),
                                0,
                                List.of(HOSTILE))),
                Map.of("etcd-1", List.of(HOSTILE)),
                Optional.of(new AttemptEvidence.End(false, HOSTILE)));
        CheckResult result = new CheckResult(
                HOSTILE, new Verdict.Fail(List.of(HOSTILE)), List.of(HOSTILE), List.of(), List.of(operation));
        return new SyntheticRun(List.of(HOSTILE)).drill(plan, List.of(evidence), List.of(List.of(result)));
    }
}
