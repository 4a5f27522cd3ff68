package dev.etcddrill.run;

/** Names that come from a recipe or a drill and become one part of a path. */
final class FileName {
    private FileName() {}

    /**
     * The name, if it is fit for a file.
     *
     * @param what it names, for the message
     * @throws IllegalArgumentException if it could lead elsewhere
     */
    static String checked(String what, String name) {
        boolean leadsElsewhere = name.isBlank()
                || name.startsWith(".")
                || name.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
        if (leadsElsewhere) {
            throw new IllegalArgumentException(what + " must be fit for the name of a file (not empty, no leading dot,"
                    + " no slash, no control character), but is \"" + name + "\"");
        }
        return name;
    }
}
