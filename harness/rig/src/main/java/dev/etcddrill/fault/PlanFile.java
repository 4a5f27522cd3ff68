package dev.etcddrill.fault;

import dev.etcddrill.document.DocumentReader;
import dev.etcddrill.document.InvalidDocumentException;
import dev.etcddrill.document.MappingReader;
import dev.etcddrill.document.NameSuggestion;
import dev.etcddrill.document.ProblemCollector;
import dev.etcddrill.document.QuantityText;
import dev.etcddrill.plan.FaultDescription;
import dev.etcddrill.plan.FaultParameter;
import dev.etcddrill.plan.FaultPlan;
import dev.etcddrill.plan.FaultTarget;
import dev.etcddrill.plan.Link;
import dev.etcddrill.plan.PlanForecast;
import dev.etcddrill.plan.PlanRules;
import dev.etcddrill.plan.PlanStep;
import dev.etcddrill.plan.PlannedFault;
import dev.etcddrill.plan.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a plan of faults from YAML. All mistakes are told at once, each with its place: what is no plan, and what no plan
 * for this cluster and this runtime can be.
 */
public final class PlanFile {
    private static final String API_VERSION = "etcddrill.dev/v1";
    private static final String KIND = "FaultPlan";
    private static final List<String> TARGET_KEYS =
            List.of("members", "role", "followers", "links", "linksOf", "clientsOf", "direction");
    private static final Pattern WRITES = Pattern.compile("(\\d{1,9}) writes?");
    private static final String ALL = "all";
    private static final String LEADER = "leader";

    private final FaultTypes types;
    private final PlanRules rules;
    private final ProblemCollector problems;

    private PlanFile(FaultTypes types, PlanRules rules, ProblemCollector problems) {
        this.types = types;
        this.rules = rules;
        this.problems = problems;
    }

    /**
     * Reads a plan.
     *
     * @throws InvalidDocumentException with every mistake
     */
    public static FaultPlan read(Path file, FaultTypes types, PlanRules rules) {
        ProblemCollector problems = new ProblemCollector(file);
        return new PlanFile(types, rules, problems).bind(new DocumentReader("plan", problems).read(file));
    }

    private FaultPlan bind(Node root) {
        MappingReader document =
                MappingReader.open(Optional.of(root), "", List.of("apiVersion", "kind", "metadata", "spec"), problems);
        if (!(root instanceof MappingNode)) {
            throw problems.exception();
        }
        document.required("apiVersion", API_VERSION, constant(API_VERSION));
        document.required("kind", KIND, constant(KIND));
        Optional<String> name = document.requiredMapping("metadata", List.of("name"))
                .required("name", "the plan's name, such as slow-link", MappingReader.text(PlanFile::requireLabel));
        MappingReader spec = document.requiredMapping("spec", List.of("beyondQuorum", "faults", "steps"));
        Optional<Boolean> beyondQuorum = spec.optional("beyondQuorum", truth(), false);
        Map<String, Node> places = new LinkedHashMap<>();
        List<PlannedFault> faults = new ArrayList<>();
        List<Node> faultNodes = spec.requiredList("faults", "a list of faults, each with id, type and target")
                .orElse(List.of());
        for (int index = 0; index < faultNodes.size(); index++) {
            readFault(faultNodes.get(index), "spec.faults[" + index + "]", places)
                    .ifPresent(faults::add);
        }
        List<Optional<PlanStep>> read = new ArrayList<>();
        Optional<List<Node>> stepNodes =
                spec.requiredList("steps", "a list of steps, each {inject: FAULT, after: TRIGGER} or {lift: ...}");
        for (int index = 0; index < stepNodes.orElse(List.of()).size(); index++) {
            read.add(readStep(stepNodes.get().get(index), "spec.steps[" + index + "]"));
        }
        if (stepNodes.isPresent() && stepNodes.get().isEmpty()) {
            problems.add("spec.steps", "expected at least one step, found none; say what is injected and when");
        }
        checkSteps(places, faults, read, beyondQuorum.orElse(true));
        if (!problems.isEmpty()) {
            throw problems.exception();
        }
        return new FaultPlan(
                name.orElseThrow(),
                beyondQuorum.orElseThrow(),
                faults,
                read.stream().map(Optional::orElseThrow).toList());
    }

    private static <T> MappingReader.ScalarType<T> constant(T wanted) {
        return MappingReader.text(text -> {
            if (!text.equals(wanted)) {
                throw new IllegalArgumentException("expected " + wanted + ", found \"" + text + "\"; write " + wanted);
            }
            return wanted;
        });
    }

    private static MappingReader.ScalarType<Boolean> truth() {
        return node -> switch (node.getValue()) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "expected true or false, found " + MappingReader.describe(node) + "; write one of them");
        };
    }

    private static String requireLabel(String text) {
        if (!text.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException(
                    "expected up to 63 lower case letters, digits and dashes, found \"" + text + "\"; rename it");
        }
        return text;
    }

    private Optional<PlannedFault> readFault(Node node, String path, Map<String, Node> places) {
        MappingReader fault =
                MappingReader.open(Optional.of(node), path, List.of("id", "type", "target", "parameters"), problems);
        if (!(node instanceof MappingNode)) {
            return Optional.empty();
        }
        Optional<String> id = fault.required(
                "id", "a name for this fault within the plan", MappingReader.text(PlanFile::requireLabel));
        if (id.isPresent() && places.putIfAbsent(id.get(), node) != null) {
            problems.add(node, path + ".id", "expected each id once, found " + id.get() + " again; rename one");
        }
        Optional<FaultType> type = fault.required(
                "type", "a fault type: " + String.join(", ", rules.types().keySet()), MappingReader.text(this::type));
        Optional<FaultTarget> target = readTarget(fault, type.map(FaultType::description));
        if (type.isEmpty()) {
            return Optional.empty();
        }
        FaultDescription description = type.get().description();
        for (String need : description.needs()) {
            rules.obstacle()
                    .apply(need)
                    .ifPresent(obstacle -> problems.add(
                            node,
                            path + ".type",
                            description.id() + " cannot be done in the runtime " + rules.runtime() + ": it " + obstacle
                                    + "; choose another runtime or another fault"));
        }
        Optional<Map<String, Object>> parameters = readParameters(fault, description);
        if (id.isEmpty() || target.isEmpty() || parameters.isEmpty()) {
            return Optional.empty();
        }
        PlannedFault planned = new PlannedFault(id.get(), description.id(), target.get(), parameters.get());
        type.get().problem(planned, rules.members()).ifPresent(problem -> problems.add(node, path, problem));
        return Optional.of(planned);
    }

    private FaultType type(String id) {
        return types.find(id)
                .orElseThrow(() -> new IllegalArgumentException("unknown fault type \"" + id + "\"; "
                        + NameSuggestion.nearest(id, rules.types().keySet())
                                .map(nearest -> "did you mean " + nearest + "?")
                                .orElseGet(() -> "expected one of "
                                        + String.join(", ", rules.types().keySet()))));
    }

    private Optional<Map<String, Object>> readParameters(MappingReader fault, FaultDescription description) {
        MappingReader given = fault.mapping(
                "parameters",
                description.parameters().stream().map(FaultParameter::name).toList());
        Map<String, Object> values = new LinkedHashMap<>();
        boolean every = true;
        for (FaultParameter parameter : description.parameters()) {
            MappingReader.ScalarType<Object> kind = switch (parameter.kind()) {
                case DURATION -> MappingReader.quantity(QuantityText::parseTime);
                case COUNT -> PlanFile::count;
            };
            Optional<Object> value = parameter.fallback().isPresent()
                    ? given.optional(
                            parameter.name(), kind, parameter.fallback().get())
                    : given.required(parameter.name(), parameter.kind().words() + ": " + parameter.meaning(), kind);
            every &= value.isPresent();
            value.ifPresent(present -> values.put(parameter.name(), present));
        }
        return every ? Optional.of(values) : Optional.empty();
    }

    private static Object count(ScalarNode node) {
        Long number = MappingReader.wholeNumber().read(node);
        if (number < 0) {
            throw new IllegalArgumentException("expected a whole number of 0 or more, found " + number);
        }
        return number;
    }

    private Optional<FaultTarget> readTarget(MappingReader fault, Optional<FaultDescription> type) {
        MappingReader target = fault.requiredMapping("target", TARGET_KEYS);
        List<String> given = TARGET_KEYS.stream()
                .filter(key -> !key.equals("direction"))
                .filter(key -> target.present(key).isPresent())
                .toList();
        if (given.size() != 1) {
            if (fault.present("target").filter(MappingNode.class::isInstance).isPresent()) {
                problems.add(
                        fault.present("target").get(),
                        fault.pathOf("target"),
                        "expected one of members, role, followers, links, linksOf, clientsOf, found "
                                + (given.isEmpty() ? "none" : String.join(" and ", given)) + "; keep one");
            }
            return Optional.empty();
        }
        String key = given.get(0);
        Optional<FaultTarget.Direction> direction =
                target.optional("direction", MappingReader.text(PlanFile::direction), FaultTarget.Direction.BOTH);
        if (target.present("direction").isPresent() && !key.endsWith("Of")) {
            problems.add(
                    target.present("direction").get(),
                    target.pathOf("direction"),
                    "expected a direction only beside linksOf or clientsOf; remove it");
        }
        Node node = target.present(key).get();
        Optional<FaultTarget> read = switch (key) {
            case "members" -> members(node, target.pathOf(key));
            case "role" -> target.optional(key, MappingReader.text(PlanFile::role), null);
            case "followers" -> target.optional(key, this::followers, null);
            case "links" -> links(node, target.pathOf(key));
            case "linksOf" ->
                target.<FaultTarget>optional(key, MappingReader.text(this::oneOrLeader), null)
                        .flatMap(member -> direction.map(way -> new FaultTarget.LinksOfMember(member, way)));
            default ->
                target.<FaultTarget>optional(key, MappingReader.text(this::oneOrLeaderOrAll), null)
                        .flatMap(member -> direction.map(way -> new FaultTarget.ClientLinks(member, way)));
        };
        if (read.isPresent()
                && type.isPresent()
                && read.get().kind() != type.get().target()) {
            problems.add(
                    node,
                    target.pathOf(key),
                    type.get().id() + " hits " + type.get().target().name().toLowerCase(Locale.ROOT)
                            + ", but this names "
                            + read.get().kind().name().toLowerCase(Locale.ROOT) + "; name "
                            + (type.get().target() == FaultTarget.Kind.LINKS
                                    ? "links, linksOf or clientsOf"
                                    : "members, role or followers"));
            return Optional.empty();
        }
        return read;
    }

    private static FaultTarget role(String text) {
        if (!text.equals(LEADER)) {
            throw new IllegalArgumentException(
                    "expected leader, found \"" + text + "\"; other roles are given by followers or members");
        }
        return new FaultTarget.Leader();
    }

    private static FaultTarget.Direction direction(String text) {
        return switch (text) {
            case "in" -> FaultTarget.Direction.IN;
            case "out" -> FaultTarget.Direction.OUT;
            case "both" -> FaultTarget.Direction.BOTH;
            default ->
                throw new IllegalArgumentException(
                        "expected in, out or both, as seen from the member, found \"" + text + "\"");
        };
    }

    private FaultTarget followers(ScalarNode node) {
        long count = MappingReader.wholeNumber().read(node);
        if (count < 1 || count >= rules.members().size()) {
            throw new IllegalArgumentException(
                    "expected 1 to " + (rules.members().size() - 1) + " followers of a cluster of "
                            + rules.members().size() + ", found " + count);
        }
        return new FaultTarget.Followers((int) count);
    }

    private FaultTarget oneOrLeader(String text) {
        return text.equals(LEADER) ? new FaultTarget.Leader() : new FaultTarget.Members(List.of(member(text)));
    }

    private FaultTarget oneOrLeaderOrAll(String text) {
        return text.equals(ALL) ? new FaultTarget.AllMembers() : oneOrLeader(text);
    }

    private String member(String text) {
        if (!rules.members().contains(text)) {
            throw new IllegalArgumentException("the cluster has no member \"" + text + "\"; its members are "
                    + String.join(", ", rules.members()));
        }
        return text;
    }

    private Optional<FaultTarget> members(Node node, String path) {
        if (node instanceof ScalarNode scalar && scalar.getValue().equals(ALL)) {
            return Optional.of(new FaultTarget.AllMembers());
        }
        return texts(node, path, "members, such as [etcd-1], or all", this::member)
                .map(FaultTarget.Members::new);
    }

    private Optional<FaultTarget> links(Node node, String path) {
        if (node instanceof ScalarNode scalar && scalar.getValue().equals(ALL)) {
            return Optional.of(new FaultTarget.AllLinks());
        }
        return texts(node, path, "directions, such as [etcd-1 -> etcd-2], or all", this::link)
                .map(FaultTarget.Links::new);
    }

    private Link link(String text) {
        Link link = Link.parse(text);
        return new Link(end(link.from()), end(link.to()));
    }

    private String end(String text) {
        return text.equals(Link.CLIENTS) ? text : member(text);
    }

    private <T> Optional<List<T>> texts(
            Node node, String path, String expected, java.util.function.Function<String, T> read) {
        if (!(node instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            problems.add(node, path, "expected a list of " + expected + ", found " + MappingReader.describe(node));
            return Optional.empty();
        }
        Set<T> all = new LinkedHashSet<>();
        boolean every = true;
        for (Node item : sequence.getValue()) {
            try {
                if (!(item instanceof ScalarNode scalar)) {
                    throw new IllegalArgumentException("expected text, found " + MappingReader.describe(item));
                }
                if (!all.add(read.apply(scalar.getValue()))) {
                    throw new IllegalArgumentException("expected each once, found " + scalar.getValue() + " again");
                }
            } catch (IllegalArgumentException refused) {
                problems.add(item, path, refused.getMessage());
                every = false;
            }
        }
        return every ? Optional.of(List.copyOf(all)) : Optional.empty();
    }

    private Optional<PlanStep> readStep(Node node, String path) {
        MappingReader step = MappingReader.open(Optional.of(node), path, List.of("inject", "lift", "after"), problems);
        if (!(node instanceof MappingNode)) {
            return Optional.empty();
        }
        Optional<Trigger> trigger =
                step.optional("after", MappingReader.quantity(PlanFile::trigger), new Trigger.Elapsed(Duration.ZERO));
        boolean inject = step.present("inject").isPresent();
        if (inject == step.present("lift").isPresent()) {
            problems.add(
                    node,
                    path,
                    "expected either inject or lift, found "
                            + (inject ? "both; make two steps of it" : "neither; add one"));
            return Optional.empty();
        }
        Optional<String> fault = step.optional(inject ? "inject" : "lift", MappingReader.text(text -> text), null);
        return fault.flatMap(id ->
                trigger.map(after -> new PlanStep(inject ? PlanStep.Action.INJECT : PlanStep.Action.LIFT, id, after)));
    }

    private static Trigger trigger(String text) {
        Matcher writes = WRITES.matcher(text);
        if (writes.matches() && Long.parseLong(writes.group(1)) > 0) {
            return new Trigger.AcknowledgedWrites(Long.parseLong(writes.group(1)));
        }
        try {
            return new Trigger.Elapsed(QuantityText.parseTime(text));
        } catch (IllegalArgumentException notATime) {
            throw new IllegalArgumentException("expected so many writes or a time, found \"" + text
                    + "\"; write for example 300 writes, or 5s (as a time it is none: " + notATime.getMessage() + ")");
        }
    }

    /** What can be said of the steps that could be read, whatever else is wrong. */
    private void checkSteps(
            Map<String, Node> nodes, List<PlannedFault> faults, List<Optional<PlanStep>> read, boolean beyondQuorum) {
        Set<String> named = nodes.keySet();
        List<PlanStep> steps = read.stream().flatMap(Optional::stream).toList();
        if (read.stream().anyMatch(Optional::isEmpty)) {
            // Whether a fault is in force is not known: only which faults there are.
            for (int index = 0; index < read.size(); index++) {
                String path = "spec.steps[" + index + "]";
                read.get(index)
                        .filter(step -> !named.contains(step.fault()))
                        .ifPresent(step -> problems.add(
                                path,
                                "there is no fault " + step.fault() + "; the plan's are " + String.join(", ", named)));
            }
            return;
        }
        Map<Integer, String> mistakes = FaultPlan.stepMistakes(named, steps);
        mistakes.forEach((index, mistake) -> problems.add("spec.steps[" + index + "]", mistake));
        nodes.forEach((id, node) -> {
            if (steps.stream().noneMatch(step -> step.fault().equals(id))) {
                problems.add(node, "spec.faults", "no step injects " + id + "; add one or remove it");
            }
        });
        // What can be said of the faults that could be read does not wait for the others to be mended.
        Set<String> readable = faults.stream().map(PlannedFault::id).collect(Collectors.toSet());
        List<Integer> places = IntStream.range(0, steps.size())
                .filter(index -> readable.contains(steps.get(index).fault()))
                .boxed()
                .toList();
        if (mistakes.isEmpty() && !places.isEmpty()) {
            FaultPlan plan = new FaultPlan(
                    "plan", true, faults, places.stream().map(steps::get).toList());
            rules.mistakes(plan)
                    .forEach(mistake -> problems.add(
                            mistake.step() < places.size()
                                    ? "spec.steps[" + places.get(mistake.step()) + "]"
                                    : "spec.steps",
                            mistake.text()));
            PlanForecast forecast =
                    PlanForecast.of(new FaultPlan(plan.name(), beyondQuorum, faults, plan.steps()), rules);
            if (!problems.isEmpty() && forecast.refused()) {
                // By itself it is told under the table; beside other mistakes there is none.
                int first = forecast.stepsBeyondQuorum().get(0) - 1;
                problems.add(
                        "spec.steps[" + places.get(first) + "]",
                        "after this step no majority can be formed; take less, or say spec.beyondQuorum: true");
            }
        }
    }
}
