package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The power is cut at 10 s. */
class PowerLossCheckTest {
    private static final String ID = "power-loss";

    private final RecordedAttempt attempt = new RecordedAttempt().fault("f", "power-loss", 10_000, 12_000, "etcd-1");

    /** The keys of {@code puts} from revision 2 on, without the last few. */
    private static KeyValue[] keys(long from, int count) {
        List<KeyValue> keys = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            keys.add(RecordedAttempt.fresh("/etcd-2/" + from + "/" + number, "v" + (2 + number), 2 + number));
        }
        return keys.toArray(new KeyValue[0]);
    }

    @Test
    void the_last_writes_before_the_cut_that_are_still_there_pass() {
        attempt.puts("etcd-2", 6_000, 9_900, 60, 2)
                .end(20_000, 61, keys(6_000, 60))
                .passes(ID);

        assertThat(Checks.judge(ID, attempt.evidence()).evidence())
                .anySatisfy(
                        line -> assertThat(line).contains("60 writes acknowledged in the last 5 s", "0 of them lost"));
    }

    @Test
    void one_of_the_last_writes_that_is_gone_fails() {
        CheckResult result = attempt.puts("etcd-2", 6_000, 9_900, 60, 2)
                .end(20_000, 61, keys(6_000, 59))
                .fails(ID, "Lost with the power of etcd-1", "put /etcd-2/6000/59 = v61");

        assertThat(result.operations()).extracting(Operation::id).containsExactly(60L);
        assertThat(result.evidence()).anySatisfy(line -> assertThat(line).contains("1 of them lost"));
    }

    @Test
    void all_of_the_last_writes_gone_fail() {
        attempt.puts("etcd-2", 6_000, 9_900, 60, 2)
                .end(20_000, 1)
                .fails(ID, "Lost with the power of etcd-1", "no other member has");
    }

    @Test
    void a_loss_that_only_a_later_read_shows_fails() {
        attempt.puts("etcd-2", 6_000, 9_900, 60, 2)
                .getAbsent("etcd-2", 13_000, 13_010, "/etcd-2/6000/59", 61)
                .fails(ID, "put /etcd-2/6000/59", "saw /etcd-2/6000/59 as absent");
    }

    @Test
    void writes_from_long_before_the_cut_do_not_count() {
        attempt.puts("etcd-2", 1_000, 4_900, 60, 2)
                .end(20_000, 61, keys(1_000, 60))
                .isInconclusive(ID, "Only 0 writes", "at least 50");
    }

    @Test
    void too_few_writes_before_the_cut_are_inconclusive() {
        attempt.puts("etcd-2", 6_000, 9_900, 49, 2)
                .end(20_000, 50, keys(6_000, 49))
                .isInconclusive(ID, "Only 49 writes");
    }

    private RecordedAttempt writtenOut(long at) {
        return attempt.observe(new Observation.Mark(ms(at), "every member's disk was written out"));
    }

    @Test
    void writes_from_before_the_disks_were_written_out_do_not_count() {
        writtenOut(7_000)
                .puts("etcd-2", 6_000, 9_900, 60, 2)
                .end(20_000, 61, keys(6_000, 60))
                .isInconclusive(ID, "Only 44 writes", "after every disk was written out");
    }

    @Test
    void enough_writes_after_the_disks_were_written_out_pass() {
        writtenOut(6_100);
        writtenOut(9_990 + 1_000).puts("etcd-2", 6_000, 9_900, 60, 2).end(20_000, 61, keys(6_000, 60));

        assertThat(Checks.judge(ID, attempt.evidence()).verdict()).isInstanceOf(Verdict.Pass.class);
        assertThat(Checks.judge(ID, attempt.evidence()).evidence())
                .anySatisfy(line -> assertThat(line).contains("58 writes acknowledged", "0 of them lost"));
    }

    @Test
    void a_write_that_is_gone_though_the_disks_were_written_out_fails() {
        writtenOut(9_900)
                .puts("etcd-2", 6_000, 9_900, 60, 2)
                .end(20_000, 61, keys(6_000, 59))
                .fails(ID, "Lost with the power of etcd-1", "put /etcd-2/6000/59");
    }

    @Test
    void no_final_state_is_inconclusive() {
        attempt.puts("etcd-2", 6_000, 9_900, 60, 2).isInconclusive(ID, "no final state of etcd-1, etcd-2, etcd-3");
    }

    @Test
    void no_cut_is_inconclusive() {
        new RecordedAttempt().isInconclusive(ID, "never cut");
    }
}
