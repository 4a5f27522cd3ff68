package dev.etcddrill.check;

/**
 * Judges one guarantee from the record of one attempt. Implementations are stateless, pure and deterministic, and are
 * found by {@link java.util.ServiceLoader}, so that a user can add one from an own jar.
 */
public interface Check {
    /** Stable name, in lower case with dashes, such as {@code revision-witness}. */
    String id();

    /** The sentence of the guarantee, and where it is documented. */
    Guarantee guarantee();

    /** Judges the attempt. Never throws for what a cluster did. */
    CheckResult judge(AttemptEvidence evidence);

    /** What is promised, and by whom. */
    record Guarantee(String sentence, String source) {}
}
