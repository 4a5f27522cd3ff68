package dev.etcddrill.run;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.Check;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.Operation;
import java.util.List;

/** A check as a user brings it in an own jar: an attempt fails if it is of the class {@code broken}, and is in doubt if it is of a
 * class that begins with {@code stalled}. */
public final class InstalledTestCheck implements Check {
    static final String ID = "installed-test-check";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee("nothing is broken", "this test");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        boolean broken = evidence.plan().coverageClass().equals("broken");
        List<Operation> operations = broken ? evidence.operations() : List.of();
        return new CheckResult(ID, verdict(evidence.plan().coverageClass()), List.of(), List.of(), operations);
    }

    private static Verdict verdict(String coverageClass) {
        String stalled = "etcd-1 took 9 s. But the host stalled for 8 s of it.";
        return switch (coverageClass) {
            case "broken" -> new Verdict.Fail(List.of("something is broken"));
            case "stalled" -> new Verdict.Inconclusive(List.of(stalled));
            case "stalled and more" -> new Verdict.Inconclusive(List.of(stalled, "etcd-1 was never asked."));
            default -> new Verdict.Pass();
        };
    }
}
