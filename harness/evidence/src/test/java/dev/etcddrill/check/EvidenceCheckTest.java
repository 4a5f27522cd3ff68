package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.FaultEvent.Phase;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence can only be too little: each case here falls below one floor. */
class EvidenceCheckTest {
    private static final String ID = "evidence";

    private final RecordedAttempt attempt = new RecordedAttempt().clients(3);

    private RecordedAttempt enough() {
        return withoutKind("");
    }

    private RecordedAttempt withoutKind(String kind) {
        if (!kind.equals("put")) {
            attempt.put("etcd-1", 10, 20, "/k", "a", 2);
        }
        if (!kind.equals("delete")) {
            attempt.delete("etcd-2", 30, 40, "/k", 1, 3);
        }
        if (!kind.equals("linearizable get")) {
            attempt.getAbsent("etcd-3", 50, 60, "/k", 3);
        }
        if (!kind.equals("serializable get")) {
            attempt.serializableGet("etcd-1", 50, 60, fresh("/k", "a", 2), 2);
        }
        if (!kind.equals("optimistic put")) {
            attempt.refusedUpdate("etcd-1", 70, 80, "/k", 2, "b", Optional.empty(), 3);
        }
        return attempt.fault("f", "kill", 100, 200, "etcd-1");
    }

    @Test
    void enough_evidence_passes_and_is_counted() {
        enough().passes(ID);

        assertThat(Checks.judge(ID, attempt.evidence()).evidence())
                .contains(
                        "1 put: 1 answered, 0 failed for certain, 0 unknown",
                        "1 fault planned, 1 injected and seen" + " to take effect");
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "delete", "linearizable get", "serializable get", "optimistic put"})
    void a_kind_that_was_never_answered_is_inconclusive(String kind) {
        withoutKind(kind).isInconclusive(ID, "No " + kind + " was ever answered");
    }

    @Test
    void a_fault_that_was_planned_but_not_injected_is_inconclusive() {
        enough().fault("g", "kill", Phase.PLANNED, 300, "etcd-2").isInconclusive(ID, "Fault g", "never injected");
    }

    @Test
    void a_fault_not_seen_to_take_effect_is_inconclusive() {
        enough().fault("g", "kill", Phase.PLANNED, 300, "etcd-2")
                .fault("g", "kill", Phase.INJECTED, 300, "etcd-2")
                .isInconclusive(ID, "Fault g (kill of etcd-2) was not seen to take effect");
    }

    @Test
    void a_fault_not_seen_to_be_gone_is_inconclusive() {
        enough().fault("g", "kill", Phase.INJECTED, 300, "etcd-2")
                .fault("g", "kill", Phase.SEEN, 310, "etcd-2")
                .fault("g", "kill", Phase.LIFTED, 400, "etcd-2")
                .isInconclusive(ID, "Fault g", "not seen to be gone");
    }

    @Test
    void fewer_clients_than_planned_are_inconclusive() {
        enough().clients(8).isInconclusive(ID, "Only 5 clients took part; the plan has 8");
    }

    @Test
    void a_member_that_was_never_asked_is_inconclusive() {
        withoutKind("delete").isInconclusive(ID, "No client ever asked etcd-2");
    }
}
