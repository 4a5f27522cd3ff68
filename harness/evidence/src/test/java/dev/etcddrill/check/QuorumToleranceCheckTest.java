package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.fresh;
import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Request.Consistency;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The objective is 3 s; members are killed at 10 s, seen gone at 10.010 s and come back at 50 s. */
class QuorumToleranceCheckTest {
    private static final String ID = "quorum-tolerance";

    private final RecordedAttempt attempt = new RecordedAttempt();

    private RecordedAttempt oneKilled() {
        return attempt.fault("f", "kill", 10_000, 50_000, "etcd-1");
    }

    private RecordedAttempt twoKilled() {
        return attempt.fault("f", "kill", 10_000, 50_000, "etcd-1", "etcd-2");
    }

    // With a majority.

    @Test
    void survivors_that_go_on_within_the_objective_pass() {
        CheckResult result = Checks.judge(
                ID,
                oneKilled()
                        .puts("etcd-2", 11_500, 20_000, 60, 100)
                        .puts("etcd-3", 12_000, 20_000, 60, 200)
                        .evidence());

        assertThat(result.verdict()).isInstanceOf(Verdict.Pass.class);
        assertThat(result.figures())
                .singleElement()
                .satisfies(figure -> assertThat(figure.values()).containsExactly(ms(1_505), ms(2_005)));
        assertThat(result.evidence()).anySatisfy(line -> assertThat(line).contains("the class", "2 of 3 members"));
    }

    @Test
    void a_survivor_that_resumes_too_late_fails() {
        oneKilled()
                .puts("etcd-2", 11_500, 20_000, 60, 100)
                .puts("etcd-3", 13_500, 20_000, 60, 200)
                .fails(ID, "etcd-3 acknowledged no write without etcd-1 for 3.505 s", "3.000 s (stated in the recipe)");
    }

    @Test
    void a_write_that_slips_in_before_the_kill_does_not_hide_the_gap() {
        oneKilled()
                .put("etcd-3", 10_001, 10_004, "/k", "a", 50)
                .puts("etcd-2", 11_500, 20_000, 60, 100)
                .puts("etcd-3", 13_500, 20_000, 60, 200)
                .fails(ID, "etcd-3 acknowledged no write");
    }

    @Test
    void a_gap_that_the_host_slept_through_is_inconclusive() {
        oneKilled()
                .stall(12_000, 1_000)
                .puts("etcd-2", 11_500, 20_000, 60, 100)
                .puts("etcd-3", 13_500, 20_000, 60, 200)
                .isInconclusive(ID, "etcd-3", "the host stalled for 1.000 s");
    }

    @Test
    void a_survivor_that_never_resumes_fails() {
        CheckResult result = oneKilled()
                .puts("etcd-2", 11_500, 20_000, 60, 100)
                .unknown("etcd-3", 11_000, new Request.Put("/k", "a"))
                .fails(ID, "etcd-3 acknowledged no write at all without etcd-1 for 40.000 s");

        assertThat(result.operations()).hasSize(1);
    }

    @Test
    void a_survivor_that_no_write_was_asked_of_is_inconclusive() {
        oneKilled().puts("etcd-2", 11_500, 20_000, 60, 100).isInconclusive(ID, "No write was asked of etcd-3");
    }

    @Test
    void members_back_sooner_than_the_objective_are_inconclusive() {
        attempt.fault("f", "kill", 10_000, 12_000, "etcd-1")
                .puts("etcd-2", 10_500, 11_900, 60, 100)
                .unknown("etcd-3", 10_100, new Request.Put("/k", "a"))
                .isInconclusive(ID, "they came back sooner");
    }

    @Test
    void a_survivor_that_hardly_writes_in_all_the_time_it_has_fails() {
        oneKilled()
                .puts("etcd-2", 11_500, 20_000, 60, 100)
                .puts("etcd-3", 12_000, 20_000, 50, 200)
                .fails(ID, "etcd-3 acknowledged only 49 more writes", "50 are needed");
    }

    @Test
    void a_survivor_that_had_little_time_for_its_writes_is_inconclusive() {
        attempt.fault("f", "kill", 10_000, 30_000, "etcd-1")
                .puts("etcd-2", 11_500, 20_000, 60, 100)
                .puts("etcd-3", 12_000, 20_000, 50, 200)
                .isInconclusive(ID, "etcd-3 acknowledged only 49 more writes", "did not have the 30 s");
    }

    // Without one.

    private RecordedAttempt quiet() {
        return twoKilled()
                .unknown("etcd-3", 11_000, new Request.Put("/k", "b"))
                .serializableGet("etcd-3", 12_000, 12_010, fresh("/k", "a", 2), 2);
    }

    @Test
    void a_lone_member_that_decides_nothing_and_reads_its_own_state_passes() {
        quiet().passes(ID);
    }

    @Test
    void a_write_acknowledged_without_a_majority_fails() {
        CheckResult result = quiet().put("etcd-3", 20_000, 20_010, "/l", "c", 3)
                .fails(ID, "put /l = c", "acknowledged without a majority (etcd-3 alone)");

        assertThat(result.operations()).hasSize(1);
    }

    @Test
    void a_linearizable_read_answered_without_a_majority_fails() {
        quiet().getAbsent("etcd-3", 20_000, 20_010, "/l", 2).fails(ID, "linearizable get /l", "answered without");
    }

    @Test
    void a_delete_of_nothing_answered_without_a_majority_fails() {
        quiet().delete("etcd-3", 20_000, 20_010, "/l", 0, 2).fails(ID, "delete /l", "answered without");
    }

    @Test
    void a_write_that_was_under_way_when_the_members_were_killed_or_came_back_passes() {
        quiet().put("etcd-3", 10_005, 10_030, "/l", "c", 3)
                .put("etcd-3", 49_900, 50_100, "/l", "d", 4)
                .passes(ID);
    }

    @Test
    void a_lone_member_that_answers_no_serializable_read_fails() {
        twoKilled().unknown("etcd-3", 11_000, new Request.Put("/k", "b"));
        for (int number = 0; number < 5; number++) {
            attempt.operation(
                    "etcd-3",
                    12_000 + number * 100,
                    12_090 + number * 100,
                    new Request.Get("/k", Consistency.SERIALIZABLE),
                    new Outcome.Unknown("deadline exceeded"));
        }
        attempt.fails(ID, "etcd-3 answered no serializable read", "5 were asked");
    }

    @Test
    void a_single_unanswered_serializable_read_is_inconclusive() {
        twoKilled()
                .unknown("etcd-3", 11_000, new Request.Put("/k", "b"))
                .unknown("etcd-3", 12_000, new Request.Get("/k", Consistency.SERIALIZABLE))
                .isInconclusive(ID, "only 1 were asked");
    }

    @Test
    void no_serializable_read_is_inconclusive() {
        twoKilled().unknown("etcd-3", 11_000, new Request.Put("/k", "b")).isInconclusive(ID, "only 0 were asked");
    }

    @Test
    void no_write_of_unknown_outcome_is_inconclusive() {
        twoKilled()
                .serializableGet("etcd-3", 12_000, 12_010, fresh("/k", "a", 2), 2)
                .isInconclusive(ID, "No write of unknown outcome");
    }

    @Test
    void nothing_killed_is_inconclusive() {
        attempt.isInconclusive(ID, "No member was killed");
    }

    @Test
    void a_kill_not_seen_is_inconclusive() {
        attempt.fault("f", "kill", Phase.INJECTED, 10_000, "etcd-1")
                .fault("f", "kill", Phase.LIFTED, 50_000, "etcd-1")
                .isInconclusive(ID, "not seen to take effect");
    }

    @Test
    void a_record_that_breaks_off_before_the_restart_is_inconclusive() {
        attempt.fault("f", "kill", Phase.INJECTED, 10_000, "etcd-1")
                .fault("f", "kill", Phase.SEEN, 10_010, "etcd-1")
                .isInconclusive(ID, "not lifted");
    }

    // The class of the attempt. etcd-1 leads.

    private RecordedAttempt killed(String coverageClass, String... members) {
        attempt.coverageClass(coverageClass)
                .status(9_000, "etcd-1", 1, "etcd-1")
                .status(9_000, "etcd-2", 1, "etcd-1")
                .status(9_000, "etcd-3", 1, "etcd-1")
                .fault("f", "kill", 10_000, 50_000, members);
        RecordedAttempt.MEMBERS.stream()
                .filter(member -> !List.of(members).contains(member))
                .forEach(member -> attempt.puts(member, 11_500, 20_000, 60, 100L * member.charAt(5)));
        return attempt;
    }

    @Test
    void victims_that_are_those_of_the_class_pass() {
        killed("3 members, killed 1 with the leader", "etcd-1").passes(ID);
    }

    @Test
    void a_follower_killed_as_the_class_says_passes() {
        killed("3 members, killed 1 followers", "etcd-2").passes(ID);
    }

    @Test
    void a_leader_that_the_class_says_was_killed_but_was_not_is_inconclusive() {
        killed("3 members, killed 1 with the leader", "etcd-2")
                .isInconclusive(ID, "killed etcd-2, and etcd-1 led then", "not of its class: 3 members, killed 1 with");
    }

    @Test
    void a_leader_killed_where_the_class_says_followers_is_inconclusive() {
        killed("3 members, killed 1 followers", "etcd-1").isInconclusive(ID, "killed etcd-1, and etcd-1 led then");
    }

    @Test
    void another_number_of_victims_than_the_class_says_is_inconclusive() {
        killed("3 members, killed 2 with the leader", "etcd-1")
                .isInconclusive(ID, "Fault f killed etcd-1, so the attempt is not of its class");
    }

    @Test
    void a_leader_that_is_not_known_makes_a_class_that_tells_of_it_inconclusive() {
        oneKilled()
                .coverageClass("3 members, killed 1 followers")
                .puts("etcd-2", 11_500, 20_000, 60, 100)
                .puts("etcd-3", 12_000, 20_000, 60, 200)
                .isInconclusive(ID, "who was leader then was not recorded");
    }
}
