package dev.etcddrill.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** The installed checks, for tests. */
final class Checks {
    private Checks() {}

    /** All checks, by id. */
    static Map<String, Check> installed() {
        Map<String, Check> checks = new LinkedHashMap<>();
        for (Check check : ServiceLoader.load(Check.class)) {
            if (check.getClass().getPackage().equals(Check.class.getPackage())) {
                checks.put(check.id(), check);
            }
        }
        return checks;
    }

    static CheckResult judge(String check, AttemptEvidence evidence) {
        return installed().get(check).judge(evidence);
    }

    /** The ids of the checks that fail. */
    static Set<String> failing(AttemptEvidence evidence) {
        Set<String> failing = new TreeSet<>();
        installed().forEach((id, check) -> {
            if (check.judge(evidence).verdict() instanceof Verdict.Fail) {
                failing.add(id);
            }
        });
        return failing;
    }

    /** The reasons of all checks that fail, for messages. */
    static List<String> reasons(AttemptEvidence evidence) {
        return installed().values().stream()
                .map(check -> check.judge(evidence))
                .filter(result -> result.verdict() instanceof Verdict.Fail)
                .flatMap(result -> result.verdict().reasons().stream().map(reason -> result.check() + ": " + reason))
                .toList();
    }
}
