package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Request.Consistency;
import dev.etcddrill.history.Response;
import dev.etcddrill.history.RevisionRefusal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompactionCheckTest {
    private static final Outcome COMPACTED = new Outcome.Failed("OUT_OF_RANGE: " + RevisionRefusal.COMPACTED.error());
    private static final Outcome FUTURE = new Outcome.Failed("OUT_OF_RANGE: " + RevisionRefusal.FUTURE.error());

    private final RecordedAttempt attempt = new RecordedAttempt();

    private RecordedAttempt compact(long invoked, long revision, long at) {
        return attempt.ok(
                "etcd-1",
                invoked,
                invoked + 5,
                new Request.Compact(revision, false),
                new Response.Compact(attempt.header("etcd-1", at)));
    }

    private RecordedAttempt compact(long invoked, long revision, Outcome outcome) {
        return attempt.operation("etcd-1", invoked, invoked + 5, new Request.Compact(revision, false), outcome);
    }

    private RecordedAttempt read(String member, long invoked, long revision, Consistency consistency, Outcome outcome) {
        return attempt.operation(
                member, invoked, invoked + 5, new Request.GetAt("/key", revision, consistency), outcome);
    }

    private Outcome absent(String member, long at) {
        return new Outcome.Ok(new Response.GetAt(attempt.header(member, at), Optional.empty()));
    }

    /** A compaction at 10, and on every member one read at it and one before it. */
    private void compactedAndSeenEverywhere() {
        attempt.puts("etcd-1", 0, 100, 19, 2);
        compact(200, 10, 20);
        for (String member : RecordedAttempt.MEMBERS) {
            read(member, 300, 10, Consistency.LINEARIZABLE, absent(member, 20));
            read(member, 310, 9, Consistency.LINEARIZABLE, COMPACTED);
        }
    }

    @Test
    void passes_where_the_rest_is_answered_and_what_was_compacted_is_refused_on_every_member() {
        compactedAndSeenEverywhere();
        compact(400, 10, COMPACTED);
        compact(410, 25, FUTURE);
        read("etcd-2", 420, 21, Consistency.LINEARIZABLE, FUTURE);

        attempt.passes("compaction");
    }

    @Test
    void fails_where_a_compacted_revision_is_answered() {
        compactedAndSeenEverywhere();
        read("etcd-3", 400, 9, Consistency.LINEARIZABLE, absent("etcd-3", 20));

        attempt.fails("compaction", "get /key at revision 9", "was answered", "compaction at revision 10");
    }

    @Test
    void lets_a_member_that_may_lag_answer_a_serializable_read_from_what_it_still_has() {
        compactedAndSeenEverywhere();
        read("etcd-3", 400, 9, Consistency.SERIALIZABLE, absent("etcd-3", 20));

        attempt.passes("compaction");
    }

    @Test
    void lets_a_read_that_was_under_way_be_answered_or_refused() {
        compactedAndSeenEverywhere();
        read("etcd-3", 199, 9, Consistency.LINEARIZABLE, absent("etcd-3", 20));
        read("etcd-2", 201, 9, Consistency.LINEARIZABLE, COMPACTED);

        attempt.passes("compaction");
    }

    @Test
    void fails_where_a_revision_is_refused_that_nobody_had_compacted() {
        compactedAndSeenEverywhere();
        read("etcd-2", 400, 10, Consistency.SERIALIZABLE, COMPACTED);

        attempt.fails("compaction", "at revision 10", "was refused as compacted");
    }

    @Test
    void fails_where_a_read_is_refused_before_a_compaction_was_asked_for() {
        compactedAndSeenEverywhere();
        read("etcd-2", 150, 5, Consistency.LINEARIZABLE, COMPACTED);

        attempt.fails("compaction", "at revision 5", "was refused as compacted");
    }

    @Test
    void a_compaction_of_unknown_outcome_explains_a_refusal_and_forbids_no_answer() {
        compactedAndSeenEverywhere();
        compact(400, 15, new Outcome.Unknown("deadline exceeded"));
        read("etcd-2", 500, 14, Consistency.LINEARIZABLE, COMPACTED);
        read("etcd-3", 500, 14, Consistency.LINEARIZABLE, absent("etcd-3", 20));

        attempt.passes("compaction");
    }

    @Test
    void fails_where_what_had_been_told_is_refused_as_a_future_revision() {
        compactedAndSeenEverywhere();
        read("etcd-2", 400, 20, Consistency.LINEARIZABLE, FUTURE);

        attempt.fails("compaction", "refused as a future revision", "revision 20 had been told");
    }

    @Test
    void fails_where_a_revision_is_answered_that_the_store_has_not_got_to() {
        compactedAndSeenEverywhere();
        read("etcd-2", 400, 30, Consistency.LINEARIZABLE, absent("etcd-2", 20));

        attempt.fails("compaction", "at revision 30", "though the store was at revision 20");
    }

    @Test
    void fails_where_the_same_compaction_is_carried_out_twice() {
        compactedAndSeenEverywhere();
        compact(400, 10, 20);

        attempt.fails("compaction", "compaction at revision 10", "was answered");
    }

    @Test
    void is_inconclusive_where_a_member_did_not_show_it_after_the_last_fault() {
        compactedAndSeenEverywhere();
        attempt.fault("kill-1", "kill", FaultEvent.Phase.LIFTED, 305, "etcd-2");

        attempt.isInconclusive("compaction", "no old revision was read on etcd-2");
    }

    @Test
    void is_inconclusive_without_an_acknowledged_compaction() {
        attempt.puts("etcd-1", 0, 100, 19, 2);
        compact(200, 10, new Outcome.Unknown("deadline exceeded"));

        attempt.isInconclusive("compaction", "No compaction was acknowledged");
    }

    @Test
    void the_revision_witness_holds_an_old_revision_against_the_writes_up_to_it() {
        attempt.put("etcd-1", 0, 5, "/key", "old", 2).put("etcd-1", 10, 15, "/key", "new", 3);
        read("etcd-2", 100, 2, Consistency.LINEARIZABLE, absent("etcd-2", 3));

        attempt.fails("revision-witness", "shows /key as absent at revision 2");
    }
}
