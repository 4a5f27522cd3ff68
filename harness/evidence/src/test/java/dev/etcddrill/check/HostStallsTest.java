package dev.etcddrill.check;

import static dev.etcddrill.check.RecordedAttempt.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Observation;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostStallsTest {
    private final HostStalls stalls = new HostStalls(List.of(
            new Observation.HostStall(ms(100), ms(50)),
            new Observation.HostStall(ms(120), ms(60)),
            new Observation.HostStall(ms(300), ms(10))));

    @Test
    void a_stall_seen_by_two_probes_counts_once() {
        assertThat(stalls.within(ms(0), ms(200))).isEqualTo(ms(70));
    }

    @Test
    void only_the_part_within_the_window_counts() {
        assertThat(stalls.within(ms(110), ms(295))).isEqualTo(ms(15));
    }

    @Test
    void a_window_without_a_stall_has_none() {
        assertThat(stalls.within(ms(130), ms(280))).isZero();
    }
}
