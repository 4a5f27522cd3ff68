package dev.etcddrill.run;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.check.Check;
import dev.etcddrill.check.CheckResult;
import dev.etcddrill.check.Verdict;
import dev.etcddrill.history.Operation;
import java.util.List;

/** A check as a user brings it in an own jar: an attempt fails if it is of the class {@code broken}. */
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
        Verdict verdict = broken ? new Verdict.Fail(List.of("something is broken")) : new Verdict.Pass();
        return new CheckResult(ID, verdict, List.of(), List.of(), operations);
    }
}
