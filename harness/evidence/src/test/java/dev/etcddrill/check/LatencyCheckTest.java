package dev.etcddrill.check;

import dev.etcddrill.history.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The election timeout is 1 s, etcd-1 leads; links are slowed at 10 s, seen slow at 10.010 s and free at 30 s. */
class LatencyCheckTest {
    private static final String ID = "latency";
    private static final String[] ALL_LINKS = {
        "etcd-1 -> etcd-2",
        "etcd-2 -> etcd-1",
        "etcd-1 -> etcd-3",
        "etcd-3 -> etcd-1",
        "etcd-2 -> etcd-3",
        "etcd-3 -> etcd-2"
    };

    private final RecordedAttempt attempt = new RecordedAttempt();
    private long revision = 100;

    private RecordedAttempt slowed(long milliseconds, String... links) {
        attempt.setting("etcd-1", "election-timeout", "1000");
        for (String member : RecordedAttempt.MEMBERS) {
            attempt.status(9_000, member, 1, "etcd-1").status(15_000, member, 1, "etcd-1");
        }
        return attempt.linkFault(
                "f",
                "latency",
                Map.of("delay", "PT" + milliseconds / 1000.0 + "S", "jitter", "PT0S"),
                10_000,
                30_000,
                links);
    }

    /** Writes of 5 ms before, and of the given length under the fault. */
    private LatencyCheckTest writes(String member, long length) {
        attempt.puts(member, 2_000, 8_000, 20, revision);
        revision += 20;
        for (int number = 0; number < 20; number++) {
            long invoked = 11_000 + number * 400L;
            attempt.put(member, invoked, invoked + length, "/" + member + "/slow/" + number, "s" + revision, revision);
            revision++;
        }
        return this;
    }

    @Test
    void writes_that_follow_exactly_the_links_that_carry_them_pass() {
        slowed(50, "etcd-3 -> etcd-1", "etcd-1 -> etcd-3", "etcd-3 -> etcd-2", "etcd-2 -> etcd-3");
        writes("etcd-1", 8).writes("etcd-2", 9).writes("etcd-3", 108);
        attempt.passes(ID);
    }

    @Test
    void all_links_slow_cost_the_leader_a_round_trip_and_its_followers_two() {
        slowed(50, ALL_LINKS);
        writes("etcd-1", 105).writes("etcd-2", 207).writes("etcd-3", 208);
        attempt.passes(ID);
    }

    @Test
    void a_slow_client_link_costs_its_own_clients_only() {
        slowed(50, "clients -> etcd-2", "etcd-2 -> clients");
        writes("etcd-1", 6).writes("etcd-2", 106).writes("etcd-3", 6);
        attempt.passes(ID);
    }

    @Test
    void a_member_whose_links_are_free_and_whose_writes_are_slow_fails() {
        slowed(50, "etcd-3 -> etcd-1", "etcd-1 -> etcd-3", "etcd-3 -> etcd-2", "etcd-2 -> etcd-3");
        writes("etcd-1", 8).writes("etcd-2", 109).writes("etcd-3", 108);
        attempt.fails(ID, "Half of the writes on etcd-2 took 0.109 s", "add 0.000 s");
    }

    @Test
    void writes_that_take_much_longer_than_their_links_fail() {
        slowed(50, ALL_LINKS);
        writes("etcd-1", 105).writes("etcd-2", 390).writes("etcd-3", 208);
        attempt.fails(ID, "Half of the writes on etcd-2 took 0.390 s");
    }

    @Test
    void a_write_quicker_than_its_links_shows_that_the_fault_was_not_there() {
        slowed(50, ALL_LINKS);
        writes("etcd-1", 105).writes("etcd-2", 207).writes("etcd-3", 150);
        attempt.isInconclusive(ID, "on etcd-3 took 0.150 s, less than the 0.200 s", "not in force there");
    }

    @Test
    void a_leader_change_within_the_rule_fails() {
        slowed(50, ALL_LINKS);
        writes("etcd-1", 105).writes("etcd-2", 207).writes("etcd-3", 208);
        attempt.status(20_000, "etcd-2", 1, "etcd-3").fails(ID, "the leader changed", "20.000 s", "etcd-2");
    }

    @Test
    void a_leader_change_beyond_the_rule_but_within_the_election_timeout_is_inconclusive() {
        slowed(300, ALL_LINKS);
        attempt.status(20_000, "etcd-2", 1, "etcd-3").isInconclusive(ID, "the leader changed");
    }

    @Test
    void too_few_writes_are_inconclusive() {
        slowed(50, ALL_LINKS);
        writes("etcd-1", 105).writes("etcd-2", 207);
        attempt.isInconclusive(ID, "etcd-3 acknowledged 0 writes before fault f and 0 under it");
    }

    @Test
    void beyond_the_election_timeout_no_leader_and_only_unknown_writes_pass() {
        slowed(1500, ALL_LINKS);
        attempt.leaderless(20_000, "etcd-1", 1)
                .unknown("etcd-1", 20_000, new Request.Put("/k", "a"))
                .passes(ID);
    }

    @Test
    void a_write_acknowledged_beyond_the_election_timeout_fails() {
        slowed(1500, ALL_LINKS);
        attempt.leaderless(20_000, "etcd-1", 1)
                .unknown("etcd-1", 20_000, new Request.Put("/k", "a"))
                .put("etcd-2", 20_000, 20_400, "/k", "b", 7)
                .fails(ID, "was acknowledged under fault f", "no round trip to a majority");
    }

    @Test
    void a_leader_that_is_still_seen_beyond_the_election_timeout_is_inconclusive() {
        slowed(1500, ALL_LINKS);
        attempt.unknown("etcd-1", 20_000, new Request.Put("/k", "a"))
                .isInconclusive(ID, "No member was seen to be without a leader");
    }

    @Test
    void a_leader_long_after_all_links_are_too_slow_fails() {
        slowed(1500, ALL_LINKS);
        attempt.leaderless(20_000, "etcd-1", 1)
                .unknown("etcd-1", 20_000, new Request.Put("/k", "a"))
                .status(20_100, "etcd-2", 1, "etcd-1")
                .fails(ID, "At 20.100 s etcd-2 followed a leader under fault f");
    }

    /** Seen slow at 10.010 s, four election timeouts and the delay of 1.5 s later nobody follows any more. */
    @Test
    void a_leader_that_is_just_being_lost_passes() {
        slowed(1500, ALL_LINKS);
        attempt.status(14_500, "etcd-2", 1, "etcd-1")
                .leaderless(20_000, "etcd-1", 1)
                .unknown("etcd-1", 20_000, new Request.Put("/k", "a"))
                .passes(ID);
    }

    @Test
    void a_write_refused_for_certain_without_a_leader_is_inconclusive() {
        slowed(1500, ALL_LINKS);
        attempt.leaderless(20_000, "etcd-1", 1)
                .unknown("etcd-1", 20_000, new Request.Put("/k", "a"))
                .failed("etcd-2", 20_000, new Request.Put("/k", "b"))
                .isInconclusive(ID, "failed for certain under fault f");
    }

    @Test
    void between_one_and_two_election_timeouts_nothing_is_promised() {
        slowed(700, ALL_LINKS);
        attempt.put("etcd-2", 20_000, 20_900, "/k", "b", 7).isInconclusive(ID, "takes one to two election timeouts");
    }

    @Test
    void a_few_milliseconds_of_a_busy_machine_are_no_slow_links() {
        slowed(50, "clients -> etcd-2", "etcd-2 -> clients");
        writes("etcd-1", 25).writes("etcd-2", 120).writes("etcd-3", 25);
        attempt.passes(ID);
    }

    @Test
    void an_attempt_that_is_not_of_its_class_is_inconclusive() {
        attempt.coverageClass("within the rule, one follower's links");
        slowed(50, "etcd-3 -> etcd-1", "etcd-1 -> etcd-3", "etcd-1 -> etcd-2", "etcd-2 -> etcd-1");
        writes("etcd-1", 110).writes("etcd-2", 209).writes("etcd-3", 208);
        attempt.isInconclusive(ID, "and etcd-1 led then, so the attempt is not of its class");
    }

    @Test
    void an_attempt_about_what_the_leader_sends_is_about_the_leader() {
        attempt.coverageClass("within the rule, what the leader sends");
        slowed(50, "etcd-1 -> etcd-2", "etcd-1 -> etcd-3");
        writes("etcd-1", 55).writes("etcd-2", 108).writes("etcd-3", 108);
        attempt.passes(ID);
    }

    @Test
    void nothing_slowed_is_inconclusive() {
        attempt.isInconclusive(ID, "nothing was shown");
    }
}
