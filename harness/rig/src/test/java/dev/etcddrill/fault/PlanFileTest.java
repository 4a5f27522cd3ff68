package dev.etcddrill.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.document.DocumentProblem;
import dev.etcddrill.document.InvalidDocumentException;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlanForecast;
import dev.etcddrill.plan.PlanRules;
import dev.etcddrill.plan.PlanStep;
import dev.etcddrill.plan.Trigger;
import dev.etcddrill.recipe.ClusterRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanFileTest {
    private static final Path ROOT = Path.of(System.getProperty("reactor.root"));
    private static final FaultTypes TYPES = FaultTypes.installed();

    private static final String HEAD = "apiVersion: etcddrill.dev/v1\nkind: FaultPlan\nmetadata: {name: plan}\nspec:\n";

    @TempDir
    private Path directory;

    private static PlanRules rules(String recipe, Capability... impossible) {
        return TYPES.rulesFor(
                ClusterRecipe.read(ROOT.resolve("recipes/" + recipe + ".yaml")),
                "sandbox",
                capability -> Arrays.asList(impossible).contains(capability)
                        ? Optional.of("needs what is not here")
                        : Optional.empty());
    }

    private FaultPlan read(String text, Capability... impossible) throws IOException {
        Path file = directory.resolve("plan.yaml");
        Files.writeString(file, text);
        return PlanFile.read(file, TYPES, rules("guide-3-node", impossible));
    }

    private List<String> problems(String text, Capability... impossible) {
        return catchThrowableOfType(InvalidDocumentException.class, () -> read(text, impossible)).problems().stream()
                .map(DocumentProblem::toString)
                .map(problem -> problem.substring(problem.indexOf("plan.yaml")))
                .toList();
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("plans"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsAPlanForOneOfTheExampleRecipes(Path example) throws IOException {
        String recipe = Files.readString(example).contains("five") ? "production-5-node" : "guide-3-node";
        PlanRules rules = rules(recipe);

        FaultPlan plan = PlanFile.read(example, TYPES, rules);

        assertThat(plan.name() + ".yaml").isEqualTo(example.getFileName().toString());
        assertThat(PlanForecast.of(plan, rules).refused())
                .as("only the one that says so takes too much")
                .isEqualTo(plan.name().equals("slow-all-links"));
    }

    @Test
    void readsEveryFormOfTargetsAndTriggers() throws IOException {
        FaultPlan plan = read(HEAD + """
                  beyondQuorum: true
                  faults:
                    - {id: a, type: kill, target: {members: [etcd-1]}}
                    - {id: b, type: pause, target: {followers: 2}}
                    - {id: c, type: cut, target: {links: [etcd-1 -> etcd-2, clients -> etcd-3]}}
                    - {id: d, type: latency, target: {linksOf: leader, direction: in}, parameters: {delay: 50ms, jitter: 5ms}}
                    - {id: e, type: bandwidth, target: {clientsOf: all, direction: in}, parameters: {rate: 9}}
                    - {id: f, type: isolate, target: {members: all}}
                  steps:
                    - {inject: a, after: 10 writes}
                    - {lift: a, after: 1m30s}
                    - {inject: b}
                    - {lift: b}
                    - {inject: c}
                    - {lift: c}
                    - {inject: d}
                    - {lift: d}
                    - {inject: e}
                    - {lift: e}
                    - {inject: f, after: 1 write}
                  """.indent(2));

        assertThat(plan.fault("a").target()).isEqualTo(new FaultTarget.Members(List.of("etcd-1")));
        assertThat(plan.fault("b").target()).isEqualTo(new FaultTarget.Followers(2));
        assertThat(plan.fault("c").target())
                .isEqualTo(
                        new FaultTarget.Links(List.of(new Link("etcd-1", "etcd-2"), new Link(Link.CLIENTS, "etcd-3"))));
        assertThat(plan.fault("d").target())
                .isEqualTo(new FaultTarget.LinksOfMember(new FaultTarget.Leader(), FaultTarget.Direction.IN));
        assertThat(plan.fault("d").duration("delay")).isEqualTo(Duration.ofMillis(50));
        assertThat(plan.fault("e").target())
                .isEqualTo(new FaultTarget.ClientLinks(new FaultTarget.AllMembers(), FaultTarget.Direction.IN));
        assertThat(plan.fault("e").count("rate")).isEqualTo(9);
        assertThat(plan.fault("f").target()).isEqualTo(new FaultTarget.AllMembers());
        assertThat(plan.steps().get(0))
                .isEqualTo(new PlanStep(PlanStep.Action.INJECT, "a", new Trigger.AcknowledgedWrites(10)));
        assertThat(plan.steps().get(1).trigger()).isEqualTo(new Trigger.Elapsed(Duration.ofSeconds(90)));
        assertThat(plan.beyondQuorum()).isTrue();
    }

    @Test
    void tellsEveryMistakeAtOnceEachWithItsPlace() {
        assertThat(problems(HEAD + """
                          colour: red
                          faults:
                            - {id: a, type: kill, target: {members: [etcd-9]}}
                            - {id: b, type: latncy, target: {links: all}}
                            - {id: c, type: latency, target: {links: [etcd-1 -> etcd-2]}, parameters: {delay: -3s}}
                            - {id: d, type: latency, target: {role: leader}, parameters: {delay: 50ms, size: 3}}
                            - {id: a, type: kill, target: {role: leader}}
                          steps:
                            - {inject: a, after: soon}
                            - {}
                          """.indent(2)))
                .anyMatch(line -> line.startsWith("plan.yaml:5:3:") && line.contains("unknown key"))
                .anyMatch(line -> line.startsWith("plan.yaml:7:")
                        && line.contains("no member \"etcd-9\"; its members are" + " etcd-1, etcd-2, etcd-3"))
                .anyMatch(line -> line.startsWith("plan.yaml:8:") && line.contains("did you mean latency?"))
                .anyMatch(line ->
                        line.startsWith("plan.yaml:9:") && line.contains("whole numbers") && line.contains("-3s"))
                .anyMatch(line -> line.startsWith("plan.yaml:10:") && line.contains("latency hits links"))
                .anyMatch(line -> line.startsWith("plan.yaml:10:") && line.contains("size: unknown key"))
                .anyMatch(line -> line.startsWith("plan.yaml:11:") && line.contains("found a again"))
                .anyMatch(line -> line.startsWith("plan.yaml:13:") && line.contains("for example 300 writes, or 5s"))
                .anyMatch(line -> line.startsWith("plan.yaml:14:") && line.contains("either inject or lift"));
    }

    private static String oneFault(String fault, String... steps) {
        return HEAD + "  faults:\n    - " + fault + "\n  steps:\n    - " + String.join("\n    - ", steps) + "\n";
    }

    /** What is wrong with one part hides nothing that is wrong with another. */
    @Test
    void mistakesInFaultsHideNoneInStepsAndTheOtherWayRound() {
        assertThat(problems(oneFault(
                        "{id: a, type: kill, target: {members: [etcd-9]}}\n    - {id: unused, type: flood, target: {members:"
                                + " all}}",
                        "{inject: a, after: -5s}",
                        "{inject: nothere}")))
                .hasSize(4)
                .anyMatch(line -> line.contains("no member \"etcd-9\""))
                .anyMatch(line -> line.contains("unknown fault type \"flood\""))
                .anyMatch(line -> line.contains("expected so many writes or a time, found \"-5s\""))
                .anyMatch(line -> line.contains("steps[1]") && line.contains("there is no fault nothere"));
        assertThat(problems(oneFault(
                        "{id: a, type: kill, target: {members: [etcd-9]}}\n    - {id: unused, type: flood, target: {members:"
                                + " all}}",
                        "{inject: nothere}")))
                .hasSize(5)
                .anyMatch(line -> line.contains("there is no fault nothere; the plan's are a, unused"))
                .anyMatch(line -> line.contains("no step injects a"))
                .anyMatch(line -> line.contains("no step injects unused"));
    }

    @Test
    void aMistakeInOneFaultHidesNoContradictionOfOthers() {
        assertThat(problems(oneFault(
                        "{id: a, type: kill, target: {members: [etcd-1]}}\n    - {id: b, type: pause, target: {members: all}}\n"
                                + "    - {id: bad, type: latency, target: {links: all}, parameters: {delay: -5s}}",
                        "{inject: bad}",
                        "{inject: a}",
                        "{inject: b}")))
                .hasSize(3)
                .anyMatch(line -> line.contains("delay"))
                .anyMatch(line -> line.contains("steps[2]") && line.contains("the faults a and b hit the same target"));
    }

    @Test
    void thatAMajorityIsLostIsToldBesideOtherMistakes() {
        assertThat(problems(oneFault(
                        "{id: a, type: latency, target: {links: all}, parameters: {delay: 1500ms}}\n    - {id: unused, type:"
                                + " kill, target: {members: [etcd-1]}}",
                        "{inject: a}")))
                .hasSize(2)
                .anyMatch(line -> line.contains("no step injects unused"))
                .anyMatch(line ->
                        line.contains("steps[0]") && line.contains("after this step no majority can be formed"));
    }

    /** That a majority is lost, too, is told beside. */
    private static boolean notOfQuorum(String problem) {
        return !problem.contains("no majority can be formed");
    }

    @Test
    void refusesWhatTheRuntimeCannotDo() {
        assertThat(problems(oneFault("{id: a, type: cut, target: {links: all}}", "{inject: a}"), Capability.PARTITIONS))
                .filteredOn(PlanFileTest::notOfQuorum)
                .singleElement()
                .asString()
                .contains("plan.yaml:6:7:", "cut cannot be done in the runtime sandbox: it needs what is not here");
    }

    @Test
    void refusesFaultsThatContradictEachOther() {
        assertThat(problems(oneFault(
                        "{id: a, type: kill, target: {members: [etcd-1]}}\n    - {id: b, type: pause, target: {members:"
                                + " [etcd-1, etcd-2]}}",
                        "{inject: a}",
                        "{inject: b}")))
                .filteredOn(PlanFileTest::notOfQuorum)
                .singleElement()
                .asString()
                .contains("the faults a and b hit the same target at the same time");
    }

    @Test
    void refusesTwoFaultsThatHoldOneLinkWhateverTheyTakeFromIt() {
        for (String other : new String[] {
            "{id: b, type: bandwidth, target: {links: [clients -> etcd-1]}, parameters: {rate: 100}}",
            "{id: b, type: slow-close, target: {clientsOf: etcd-1, direction: in}, parameters: {delay: 100ms}}",
            "{id: b, type: cut-clients, target: {members: all}}",
            "{id: b, type: blackhole, target: {clientsOf: all}}"
        }) {
            assertThat(problems(oneFault(
                            "{id: a, type: latency, target: {links: [clients -> etcd-1]}, parameters: {delay: 50ms}}\n    - "
                                    + other,
                            "{inject: a}",
                            "{inject: b}")))
                    .as(other)
                    .singleElement()
                    .asString()
                    .contains("spec.steps[1]", "the faults a and b hit the same target at the same time");
        }
    }

    @Test
    void aLinkTooNarrowForTheLoadCountsAsCut() throws IOException {
        for (long rate : new long[] {7, 8}) {
            FaultPlan plan = read(oneFault(
                    "{id: a, type: bandwidth, target: {links: all}, parameters: {rate: " + rate + "}}", "{inject: a}"));
            assertThat(PlanForecast.of(plan, rules("guide-3-node")).votersAbleToFormMajority())
                    .containsExactly(rate < 8 ? 1 : 3);
        }
    }

    @Test
    void refusesCutsThatCutNothing() {
        for (String fault : new String[] {
            "{id: a, type: ring, target: {members: all}}",
            "{id: a, type: ring, target: {members: [etcd-1]}}",
            "{id: a, type: split, target: {members: all}}"
        }) {
            assertThat(problems(oneFault(fault, "{inject: a}")))
                    .as(fault)
                    .singleElement()
                    .asString()
                    .contains("spec.faults[0]", "in a cluster of 3 members cuts nothing");
        }
    }

    @Test
    void refusesToReplaceAMemberWhileAnotherOneIsAway() throws IOException {
        String faults = "{id: lost, type: data-loss, target: {members: [etcd-1]}}\n    - {id: dead, type: kill, target:"
                + " {members: [etcd-2]}}\n    - {id: slow, type: latency, target: {clientsOf: etcd-3}, parameters:"
                + " {delay: 20ms}}";

        assertThat(problems(oneFault(faults, "{inject: lost}", "{inject: slow}", "{inject: dead}", "{lift: lost}")))
                .filteredOn(PlanFileTest::notOfQuorum)
                .singleElement()
                .asString()
                .contains("spec.steps[3]", "lifting lost replaces its members", "lift dead before");
        assertThat(problems(oneFault(faults, "{inject: dead}", "{inject: slow}", "{inject: lost}")))
                .filteredOn(PlanFileTest::notOfQuorum)
                .singleElement()
                .asString()
                .contains("spec.steps", "lift dead before");
        assertThat(read(oneFault(faults, "{inject: lost}", "{inject: slow}", "{inject: dead}", "{lift: dead}"))
                        .steps())
                .hasSize(4);
    }

    @Test
    void refusesStepsThatCannotBeDone() {
        assertThat(problems(oneFault(
                        "{id: a, type: kill, target: {members: [etcd-1]}}", "{lift: a}", "{inject: a}", "{inject: a}")))
                .hasSize(2)
                .anyMatch(line -> line.contains("steps[0]") && line.contains("not in force here"))
                .anyMatch(line -> line.contains("steps[2]") && line.contains("in force already"));
    }

    @Test
    void refusesWhatCouldNotBeSeen() {
        assertThat(problems(oneFault(
                        "{id: a, type: bandwidth, target: {links: [etcd-1 -> clients]}, parameters: {rate: 10}}",
                        "{inject: a}")))
                .singleElement()
                .asString()
                .contains("cannot be narrowed");
        assertThat(problems(oneFault(
                        "{id: a, type: latency, target: {links: all}, parameters: {delay: 1ms}}", "{inject: a}")))
                .singleElement()
                .asString()
                .contains("a delay that is under 20ms with its jitter taken off", "this is 1ms");
        assertThat(problems(oneFault(
                        "{id: a, type: latency, target: {links: all}, parameters: {delay: 30ms, jitter: 20ms}}",
                        "{inject: a}")))
                .singleElement()
                .asString()
                .contains("this is 10ms");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "a: &x [*x]",
                "apiVersion: 7",
                "\u0000",
                "- - - - -",
                "spec: {steps: {}, faults: 3}"
            })
    void anyOtherTextIsRefusedWithASentence(String text) {
        assertThat(problems(text))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).doesNotContain("Exception"));
    }

    @Test
    void deepAndBinaryFilesAreRefused() throws IOException {
        assertThat(problems("[".repeat(100_000))).singleElement().asString().contains("levels of nesting");
        Path file = directory.resolve("plan.yaml");
        Files.write(file, new byte[] {(byte) 0xff, 0, 1, 2});
        assertThat(catchThrowableOfType(
                        InvalidDocumentException.class, () -> PlanFile.read(file, TYPES, rules("guide-3-node"))))
                .hasMessageContaining(StandardCharsets.UTF_8.name());
    }
}
