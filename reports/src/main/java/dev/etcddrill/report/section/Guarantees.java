package dev.etcddrill.report.section;

import dev.etcddrill.check.Check;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The sentences of the guarantees that the installed checks judge. */
final class Guarantees {
    private final Map<String, Check.Guarantee> byCheck = new HashMap<>();

    private Guarantees() {}

    /** Those of all checks on the class path. */
    static Guarantees installed() {
        Guarantees guarantees = new Guarantees();
        ServiceLoader.load(Check.class).forEach(check -> guarantees.byCheck.put(check.id(), check.guarantee()));
        return guarantees;
    }

    /** Empty where the check is not installed: a run may be read elsewhere than it was judged. */
    Optional<Check.Guarantee> of(String check) {
        return Optional.ofNullable(byCheck.get(check));
    }
}
