package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Request.Consistency;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The objective is 3 s, the election timeout 1 s; links are cut at 10 s, seen cut at 10.010 s and mended at 30 s. */
class CutsCheckTest {
    private static final String ID = "cuts";

    private final RecordedAttempt attempt = new RecordedAttempt();

    private RecordedAttempt isolated(String member) {
        String first = member.equals("etcd-1") ? "etcd-2" : "etcd-1";
        String second = member.equals("etcd-3") ? "etcd-2" : "etcd-3";
        return cut(
                "isolate",
                member + " -> " + first,
                first + " -> " + member,
                member + " -> " + second,
                second + " -> " + member);
    }

    private RecordedAttempt cut(String kind, String... links) {
        attempt.setting("etcd-1", "election-timeout", "1000");
        attempt.status(9_000, "etcd-1", 1, "etcd-1");
        return attempt.linkFault("f", kind, Map.of(), 10_000, 30_000, links);
    }

    private RecordedAttempt othersWriteFrom(long time) {
        return attempt.puts("etcd-2", time, 29_000, 20, 100)
                .puts("etcd-3", time, 29_000, 20, 200)
                .serializableGet("etcd-1", 20_000, 20_001, fresh("/k", "old", 2), 2);
    }

    @Test
    void a_leader_cut_off_that_decides_nothing_while_the_others_go_on_passes() {
        attempt.coverageClass("leader isolated");
        isolated("etcd-1");
        othersWriteFrom(11_500)
                .unknown("etcd-1", 12_000, new Request.Put("/k", "a"))
                .passes(ID);
    }

    @Test
    void a_write_that_a_member_cut_off_acknowledges_fails() {
        isolated("etcd-1");
        othersWriteFrom(11_500)
                .put("etcd-1", 12_000, 12_010, "/k", "a", 300)
                .fails(ID, "was acknowledged by etcd-1, which fault f had cut off");
    }

    @Test
    void a_linearizable_answer_of_a_member_cut_off_fails_even_if_it_is_right() {
        isolated("etcd-1");
        othersWriteFrom(11_500)
                .get("etcd-1", 12_000, 12_010, fresh("/k", "a", 2), 2)
                .fails(ID, "was answered by etcd-1");
    }

    @Test
    void what_was_asked_before_the_cut_was_seen_says_nothing() {
        isolated("etcd-1");
        othersWriteFrom(11_500).put("etcd-1", 10_005, 10_020, "/k", "a", 99).passes(ID);
    }

    @Test
    void a_majority_that_resumes_too_late_fails() {
        isolated("etcd-1");
        othersWriteFrom(13_500)
                .fails(ID, "etcd-2, which stayed with the majority under fault f", "allowed are 3.000 s");
    }

    @Test
    void a_majority_that_never_resumes_fails() {
        isolated("etcd-1");
        attempt.serializableGet("etcd-1", 20_000, 20_001, fresh("/k", "old", 2), 2)
                .fails(ID, "etcd-3, which stayed with the majority under fault f, acknowledged no write for 20.000 s");
    }

    @Test
    void a_leader_that_is_heard_but_hears_nobody_may_take_two_election_timeouts_more() {
        cut("cut", "etcd-2 -> etcd-1", "etcd-3 -> etcd-1");
        othersWriteFrom(14_900).passes(ID);
    }

    @Test
    void and_no_longer() {
        cut("cut", "etcd-2 -> etcd-1", "etcd-3 -> etcd-1");
        othersWriteFrom(15_100).fails(ID, "allowed are 5.000 s", "check-quorum");
    }

    @Test
    void a_leader_that_is_not_heard_has_no_such_time() {
        cut("cut", "etcd-1 -> etcd-2", "etcd-1 -> etcd-3");
        othersWriteFrom(14_900).fails(ID, "allowed are 3.000 s");
    }

    @Test
    void a_member_cut_off_in_one_direction_decides_nothing_either() {
        cut("cut", "etcd-1 -> etcd-2", "etcd-1 -> etcd-3");
        othersWriteFrom(11_500).put("etcd-1", 12_000, 12_010, "/k", "a", 300).fails(ID, "was acknowledged by etcd-1");
    }

    @Test
    void one_link_alone_cuts_nobody_off() {
        cut("cut", "etcd-1 -> etcd-2");
        attempt.puts("etcd-1", 11_000, 29_000, 20, 100)
                .puts("etcd-2", 11_000, 29_000, 20, 200)
                .puts("etcd-3", 11_000, 29_000, 20, 300)
                .passes(ID);
    }

    @Test
    void an_attempt_that_cut_off_another_than_its_class_says_is_inconclusive() {
        attempt.coverageClass("leader isolated");
        isolated("etcd-3");
        attempt.puts("etcd-1", 11_500, 29_000, 20, 100)
                .puts("etcd-2", 11_500, 29_000, 20, 200)
                .serializableGet("etcd-3", 20_000, 20_001, fresh("/k", "old", 2), 2)
                .isInconclusive(ID, "etcd-1 led then", "not of its class: leader isolated");
    }

    @Test
    void a_member_cut_off_that_answers_no_serializable_read_fails() {
        isolated("etcd-1");
        attempt.puts("etcd-2", 11_500, 29_000, 20, 100).puts("etcd-3", 11_500, 29_000, 20, 200);
        for (int number = 0; number < 5; number++) {
            attempt.unknown("etcd-1", 12_000 + number, new Request.Get("/k", Consistency.SERIALIZABLE));
        }
        attempt.fails(ID, "answered no serializable read, though 5 were asked");
    }

    /** Another isolation of etcd-1, a while later, under which the others go on. */
    private void isolatedOnceMore() {
        attempt.linkFault(
                "second",
                "isolate",
                Map.of(),
                40_000,
                60_000,
                "etcd-1 -> etcd-2",
                "etcd-2 -> etcd-1",
                "etcd-1 -> etcd-3",
                "etcd-3 -> etcd-1");
        attempt.puts("etcd-2", 41_000, 59_000, 20, 500).puts("etcd-3", 41_000, 59_000, 20, 600);
    }

    @Test
    void a_flap_in_which_no_serializable_read_was_answered_fails_though_another_had_one() {
        isolated("etcd-1");
        othersWriteFrom(11_500);
        isolatedOnceMore();
        for (int number = 0; number < 5; number++) {
            attempt.unknown("etcd-1", 42_000 + number, new Request.Get("/k", Consistency.SERIALIZABLE));
        }
        attempt.fails(ID, "fault second cut off answered no serializable read, though 5 were asked");
    }

    @Test
    void short_flaps_that_together_had_enough_serializable_reads_fail() {
        isolated("etcd-1");
        attempt.puts("etcd-2", 11_500, 29_000, 20, 100).puts("etcd-3", 11_500, 29_000, 20, 200);
        isolatedOnceMore();
        for (int number = 0; number < 3; number++) {
            attempt.unknown("etcd-1", 12_000 + number, new Request.Get("/k", Consistency.SERIALIZABLE));
            attempt.unknown("etcd-1", 42_000 + number, new Request.Get("/k", Consistency.SERIALIZABLE));
        }
        attempt.fails(ID, "answered no serializable read, though 6 were asked under 2 faults");
    }

    @Test
    void too_few_serializable_reads_are_inconclusive() {
        isolated("etcd-1");
        attempt.puts("etcd-2", 11_500, 29_000, 20, 100)
                .puts("etcd-3", 11_500, 29_000, 20, 200)
                .isInconclusive(ID, "only 0 were asked");
    }

    @Test
    void clients_cut_from_a_member_that_nobody_answers_passes() {
        cut("cut-clients", "clients -> etcd-3");
        attempt.puts("etcd-1", 10_100, 29_000, 20, 100)
                .puts("etcd-2", 10_100, 29_000, 20, 200)
                .unknown("etcd-3", 12_000, new Request.Put("/k", "a"))
                .passes(ID);
    }

    @Test
    void an_answer_through_a_cut_client_link_is_inconclusive() {
        cut("cut-clients", "clients -> etcd-3");
        attempt.puts("etcd-1", 10_100, 29_000, 20, 100)
                .puts("etcd-2", 10_100, 29_000, 20, 200)
                .put("etcd-3", 12_000, 12_010, "/k", "a", 300)
                .isInconclusive(ID, "although clients were cut from it");
    }

    @Test
    void a_cut_that_was_not_seen_is_inconclusive() {
        attempt.fault("f", "isolate", FaultEvent.Phase.INJECTED, 10_000, "etcd-1")
                .isInconclusive(ID, "not seen to take effect");
        assertThat(attempt.evidence().faults()).hasSize(1);
    }

    @Test
    void nothing_cut_is_inconclusive() {
        attempt.fault("f", "kill", 10_000, 20_000, "etcd-1").isInconclusive(ID, "nothing was shown");
    }
}
