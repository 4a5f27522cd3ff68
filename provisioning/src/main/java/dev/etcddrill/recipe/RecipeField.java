package dev.etcddrill.recipe;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * One field of a recipe: what it takes, what it is when it is left out, and by which rules.
 *
 * @param path such as {@code spec.etcd.version}; {@code []} stands for each item of a list
 * @param limits what a value must be beyond its kind, in words
 * @param fallback where the value comes from when the field is left out; empty where it must be given
 * @param rules ids in docs/rules.md
 * @param effective the value that a recipe has here, as one would write it
 */
public record RecipeField(
        String path, Kind kind, String limits, Optional<String> fallback, List<String> rules, Effective effective) {
    /** For each item of the list of members. */
    static final String EACH_MEMBER = "spec.members[].";

    public RecipeField {
        requireNonNull(path, "path");
        requireNonNull(kind, "kind");
        requireNonNull(limits, "limits");
        requireNonNull(fallback, "fallback");
        rules = List.copyOf(rules);
        requireNonNull(effective, "effective");
    }

    /** Whether it must be given. */
    public boolean required() {
        return fallback.isEmpty();
    }

    /** The key alone. */
    String key() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** The mapping that it is in. */
    String mapping() {
        return path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
    }

    /** A value of a recipe, as one would write it. */
    @FunctionalInterface
    public interface Effective {
        /**
         * The value.
         *
         * @param member for fields of a member; any other field does not look at it
         */
        String of(ClusterRecipe recipe, MemberRecipe member);
    }

    /**
     * What a value looks like, whatever it means.
     *
     * @param pattern of the text, as in JSON Schema (ECMA 262, unanchored)
     * @param orNumber whether a whole number will do as well
     * @param words the only texts that will do; empty where the pattern says it
     */
    public record Kind(Type type, String pattern, boolean orNumber, List<String> words) {
        /** Its shape in YAML. */
        public enum Type {
            TEXT,
            NUMBER,
            MAPPING
        }

        static final Kind LABEL = text("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$");
        static final Kind HOSTNAME = text("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$");
        static final Kind ENDPOINT = text("^[-a-z0-9.]+:[0-9]{1,5}$");
        static final Kind VERSION = text("^v?[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}$");
        static final Kind TIME = text("^([0-9]{1,12}(us|ms|s|m|h|d))+$");
        static final Kind SIZE = new Kind(Type.TEXT, "^[0-9]{1,19}(KiB|MiB|GiB|TiB)?$", true, List.of());
        static final Kind PATH = text("^(/[A-Za-z0-9_][A-Za-z0-9._-]*)+$");
        static final Kind TOKEN = text("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$");
        static final Kind ADDRESS = text("^[0-9]{1,3}(\\.[0-9]{1,3}){3}$");
        static final Kind SUBNET = text("^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$");
        static final Kind NUMBER = new Kind(Type.NUMBER, "", true, List.of());
        static final Kind MAPPING = new Kind(Type.MAPPING, "", false, List.of());

        public Kind {
            requireNonNull(type, "type");
            requireNonNull(pattern, "pattern");
            words = List.copyOf(words);
        }

        private static Kind text(String pattern) {
            return new Kind(Type.TEXT, pattern, false, List.of());
        }

        static Kind words(List<String> words) {
            return new Kind(Type.TEXT, "", false, words);
        }
    }
}
