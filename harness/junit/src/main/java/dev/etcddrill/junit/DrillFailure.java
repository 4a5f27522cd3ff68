package dev.etcddrill.junit;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.run.DrillVerdict;
import dev.etcddrill.run.RunSummary;

/**
 * How a verdict other than PASS reaches JUnit. It has no stack trace: where the cluster is at fault, ours would say
 * nothing.
 */
public final class DrillFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private DrillFailure(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** Throws where the verdict is not PASS; INCONCLUSIVE fails too, in its own words. */
    static void throwUnlessPassed(DrillVerdict verdict) {
        if (!(verdict.verdict() instanceof Verdict.Pass)) {
            throw of(verdict);
        }
    }

    static DrillFailure of(DrillVerdict verdict) {
        return new DrillFailure(verdict.plan().id() + ": " + verdict.verdict().word() + " "
                + String.join("; ", RunSummary.sentences(verdict.verdict())));
    }
}
