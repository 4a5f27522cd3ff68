package dev.etcddrill.drill;

import dev.etcddrill.document.NameSuggestion;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which drills {@code drill.drills} names, by their ids and by the groups that they are in. */
final class DrillChoice {
    private DrillChoice() {}

    /**
     * Reads the property.
     *
     * @param names separated by commas
     * @param problems is told of every name that is none
     * @return ids, in the order of the names
     */
    static Set<String> of(String names, List<DrillDefinition> catalogue, List<String> problems) {
        List<String> known = catalogue.stream().map(DrillDefinition::id).toList();
        Set<String> chosen = new LinkedHashSet<>();
        for (String name : Arrays.stream(names.split(",")).map(String::strip).toList()) {
            List<String> group = catalogue.stream()
                    .filter(drill -> drill.groups().contains(name))
                    .map(DrillDefinition::id)
                    .toList();
            if (known.contains(name)) {
                chosen.add(name);
            } else if (!group.isEmpty()) {
                chosen.addAll(group);
            } else {
                problems.add("drill.drills names \"" + name + "\", but the drills are " + String.join(", ", known)
                        + groupsOf(catalogue)
                        + NameSuggestion.nearest(name, known)
                                .map(nearest -> "; did you mean " + nearest + "?")
                                .orElse(""));
            }
        }
        return chosen;
    }

    private static String groupsOf(List<DrillDefinition> catalogue) {
        List<String> groups = catalogue.stream()
                .flatMap(drill -> drill.groups().stream())
                .distinct()
                .sorted()
                .toList();
        return groups.isEmpty() ? "" : "; groups of them are " + String.join(", ", groups);
    }
}
