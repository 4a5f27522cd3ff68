package dev.etcddrill.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Puts a recipe's {@code extra} settings into a rendered etcd.conf.yml, line by line, so that comments and order stay. A
 * key that is there is replaced where it stands, a mapping that is there is merged key by key, any other key goes to the
 * end.
 */
final class EtcdConfigurationOverrides {

    private static final String NOTE = "# From spec.etcd.extra of the recipe:";
    private static final String INDENT = "  ";

    private EtcdConfigurationOverrides() {}

    static String apply(String configuration, Map<String, Object> extra) {
        if (extra.isEmpty()) {
            return configuration;
        }
        List<String> lines = new ArrayList<>(configuration.lines().toList());
        List<String> added = new ArrayList<>();
        extra.forEach((key, value) -> {
            int line = indexOf(lines, 0, lines.size(), key + ":");
            if (line < 0) {
                added.add(setting("", key, value));
            } else if (value instanceof Map<?, ?> section && lines.get(line).equals(key + ":")) {
                section.forEach((inner, innerValue) -> merge(lines, line, inner.toString(), innerValue));
            } else {
                replace(lines, line, setting("", key, value));
            }
        });
        if (!added.isEmpty()) {
            lines.add("");
            lines.add(NOTE);
            lines.addAll(added);
        }
        return String.join("\n", lines) + "\n";
    }

    private static void merge(List<String> lines, int section, String key, Object value) {
        int end = endOfSection(lines, section);
        int line = indexOf(lines, section + 1, end, INDENT + key + ":");
        if (line >= 0) {
            lines.remove(line);
            end--;
        }
        lines.add(end, setting(INDENT, key, value));
        if (!lines.subList(section, end).contains(INDENT + NOTE)) {
            lines.add(end, INDENT + NOTE);
        }
    }

    private static void replace(List<String> lines, int line, String setting) {
        int end = endOfSection(lines, line);
        lines.subList(line, end).clear();
        lines.add(line, setting);
        lines.add(line, NOTE);
    }

    private static int endOfSection(List<String> lines, int section) {
        int end = section + 1;
        while (end < lines.size() && lines.get(end).startsWith(INDENT)) {
            end++;
        }
        return end;
    }

    private static int indexOf(List<String> lines, int from, int to, String start) {
        for (int line = from; line < to; line++) {
            if (lines.get(line).startsWith(start)) {
                return line;
            }
        }
        return -1;
    }

    /** One line, whatever the value: flow style for lists and mappings. */
    private static String setting(String indent, String key, Object value) {
        Dump dump = new Dump(DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.FLOW)
                .setWidth(Integer.MAX_VALUE)
                .build());
        return indent + key + ": " + dump.dumpToString(value).strip();
    }
}
