package dev.etcddrill.recipe;

import dev.etcddrill.document.DocumentReader;
import dev.etcddrill.document.InvalidDocumentException;
import dev.etcddrill.document.ProblemCollector;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code etcd-drill explain RECIPE}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Prints every value that a recipe has, stated or not: where it comes from, why, and by which rule"
                    + " (docs/rules.md)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  etcd-drill explain recipes/guide-3-node.yaml",
            "  etcd-drill explain --schema > recipe.schema.json   # for editors"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:explained", "2:bad usage or bad recipe; every problem is listed"})
public final class ExplainCommand implements Callable<Integer> {
    private static final int EXPLAINED = 0;
    private static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RECIPE", arity = "0..1", description = "recipe in YAML")
    private Path recipe;

    @Option(
            names = "--schema",
            description = "prints the JSON Schema of recipes instead; editors complete and check by it")
    private boolean schema;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (schema == (recipe != null)) {
            throw new ParameterException(spec.commandLine(), "expected a RECIPE or --schema, and not both");
        }
        if (schema) {
            out.print(RecipeSchema.text());
            out.flush();
            return EXPLAINED;
        }
        try {
            // Once only: it may be a pipe.
            ProblemCollector problems = new ProblemCollector(recipe);
            Node document = new DocumentReader("recipe", problems).read(recipe);
            ClusterRecipe read = new RecipeBinder(problems).bind(document);
            Map<String, Integer> stated = new LinkedHashMap<>();
            lines("", document, stated);
            lines(rows(read, stated)).forEach(out::println);
            return EXPLAINED;
        } catch (InvalidDocumentException invalid) {
            invalid.problems().forEach(spec.commandLine().getErr()::println);
            return BAD_INPUT;
        }
    }

    /** The line of every value that the document states, counted from 1, by its path. */
    private static void lines(String path, Node node, Map<String, Integer> lines) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String key = ((ScalarNode) tuple.getKeyNode()).getValue();
                String child = path.isEmpty() ? key : path + "." + key;
                if (!tuple.getValueNode().getTag().equals(Tag.NULL)) {
                    tuple.getKeyNode().getStartMark().ifPresent(mark -> lines.put(child, mark.getLine() + 1));
                }
                lines(child, tuple.getValueNode(), lines);
            }
        } else if (node instanceof SequenceNode sequence) {
            for (int index = 0; index < sequence.getValue().size(); index++) {
                lines(path + "[" + index + "]", sequence.getValue().get(index), lines);
            }
        }
    }

    private static List<List<String>> rows(ClusterRecipe recipe, Map<String, Integer> stated) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("field", "value", "from", "why"));
        List<RecipeField> ofMembers = RecipeFields.all().stream()
                .filter(field -> field.path().startsWith(RecipeField.EACH_MEMBER))
                .toList();
        for (RecipeField field : RecipeFields.all()) {
            if (!ofMembers.contains(field)) {
                rows.add(row(
                        field.path(),
                        field,
                        field.effective().of(recipe, recipe.members().get(0)),
                        stated));
            } else if (field.equals(ofMembers.get(0))) {
                for (int index = 0; index < recipe.members().size(); index++) {
                    for (RecipeField each : ofMembers) {
                        rows.add(row(
                                each.path().replace("[]", "[" + index + "]"),
                                each,
                                each.effective().of(recipe, recipe.members().get(index)),
                                stated));
                    }
                }
            }
        }
        return rows;
    }

    private static List<String> row(String path, RecipeField field, String value, Map<String, Integer> stated) {
        Optional<Integer> line = Optional.ofNullable(stated.get(path));
        String why = line.isPresent()
                ? field.limits()
                : field.fallback().orElseThrow(() -> new IllegalStateException(path + " must be stated"));
        String rules = String.join(", ", field.rules());
        return List.of(
                path,
                value,
                line.map(number -> "line " + number).orElse("default"),
                Stream.of(why, rules.isEmpty() ? "" : "(" + rules + ")")
                        .filter(part -> !part.isEmpty())
                        .reduce((first, second) -> first + " " + second)
                        .orElse(""));
    }

    /** In columns; the last one is free. */
    private static List<String> lines(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size() - 1];
        rows.forEach(row -> {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        });
        return rows.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder();
                    for (int column = 0; column < widths.length; column++) {
                        String cell = row.get(column);
                        line.append(cell).append(" ".repeat(widths[column] - cell.length() + 2));
                    }
                    return line.append(row.get(widths.length)).toString().stripTrailing();
                })
                .toList();
    }
}
