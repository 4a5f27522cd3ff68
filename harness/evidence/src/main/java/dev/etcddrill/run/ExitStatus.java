package dev.etcddrill.run;

import dev.etcddrill.check.Verdict;

/** Exit codes of {@code etcd-drill} (design decision 15). Maven itself has only 0 and 1. */
public enum ExitStatus {
    /** The guarantees held, or there was nothing to find. */
    PASS(0),
    /** A guarantee broke, or there are findings. */
    FAIL(1),
    /** The command line or a file that it names is wrong. */
    BAD_INPUT(2),
    /** This machine cannot do it. */
    UNAVAILABLE(3),
    /** There is too little evidence to say. */
    INCONCLUSIVE(4),
    /** The user ended it. */
    INTERRUPTED(130);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    /** What the process exits with. */
    public int code() {
        return code;
    }

    /** The status that a verdict ends with. */
    public static ExitStatus of(Verdict verdict) {
        if (verdict instanceof Verdict.Pass) {
            return PASS;
        }
        return verdict instanceof Verdict.Fail ? FAIL : INCONCLUSIVE;
    }
}
