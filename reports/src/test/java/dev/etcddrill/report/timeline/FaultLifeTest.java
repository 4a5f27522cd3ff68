package dev.etcddrill.report.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.FaultEvent.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FaultLifeTest {
    private static FaultEvent event(long at, String fault, Phase phase, List<String> members, String detail) {
        return new FaultEvent(Duration.ofSeconds(at), fault, "kill", phase, members, detail);
    }

    @Test
    void eventsOfOneFaultBelongTogether() {
        List<FaultLife> lives = FaultLife.of(List.of(
                event(1, "a", Phase.PLANNED, List.of(), "the leader"),
                event(2, "b", Phase.INJECTED, List.of("etcd-3"), ""),
                event(3, "a", Phase.INJECTED, List.of("etcd-2", "etcd-1"), "the leader"),
                event(4, "a", Phase.GONE, List.of("etcd-1", "etcd-2"), "answers")));

        assertThat(lives).extracting(FaultLife::label).containsExactly("kill etcd-1, etcd-2", "kill etcd-3");
        FaultLife first = lives.get(0);
        assertThat(first.details()).containsExactly("the leader", "answers");
        assertThat(first.seen()).isFalse();
        assertThat(first.active(Duration.ofSeconds(9)))
                .contains(new Interval(Duration.ofSeconds(3), Duration.ofSeconds(4)));
    }

    @Test
    void aFaultOfLinksIsCalledByItsDirectionsAndByHowStrongItIs() {
        assertThat(linkFault("etcd-1 -> etcd-2").label()).isEqualTo("latency 300ms etcd-1 -> etcd-2");
        assertThat(linkFault("etcd-1 -> etcd-2", "etcd-1 -> etcd-3", "etcd-3 -> etcd-1")
                        .label())
                .isEqualTo("latency 300ms 3 directions of etcd-1");
        assertThat(linkFault("etcd-1 -> etcd-2", "etcd-2 -> etcd-3", "etcd-3 -> etcd-1")
                        .label())
                .isEqualTo("latency 300ms 3 directions of 3 members");
    }

    private static FaultLife linkFault(String... links) {
        return FaultLife.of(List.of(new FaultEvent(
                        Duration.ofSeconds(1),
                        "slow",
                        "latency",
                        Phase.INJECTED,
                        List.of("etcd-1", "etcd-2", "etcd-3"),
                        List.of(links),
                        Map.of("delay", "PT0.3S", "jitter", "PT0S"),
                        "")))
                .get(0);
    }

    @Test
    void aFaultThatIsNotKnownToBeGoneLastsToTheEndOfTheRecord() {
        FaultLife life = FaultLife.of(List.of(event(2, "b", Phase.INJECTED, List.of("etcd-3"), "")))
                .get(0);

        assertThat(life.active(Duration.ofSeconds(9)))
                .contains(new Interval(Duration.ofSeconds(2), Duration.ofSeconds(9)));
    }

    @Test
    void aFaultThatWasOnlyPlannedIsNeverActive() {
        FaultLife life = FaultLife.of(List.of(event(2, "b", Phase.PLANNED, List.of(), "")))
                .get(0);

        assertThat(life.active(Duration.ofSeconds(9))).isEmpty();
        assertThat(life.label()).isEqualTo("kill");
    }
}
