package dev.etcddrill.report.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.Observation;
import dev.etcddrill.report.timeline.MemberLife.State;
import dev.etcddrill.report.timeline.MemberLife.Stretch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Members and leaders, as the members' own statuses tell. */
final class MemberLifeTest {
    private static final Duration END = Duration.ofSeconds(10);

    private static Observation status(double at, String member, String leader, long term) {
        return new Observation.MemberStatus(
                time(at),
                "first",
                member,
                Optional.of(new Header("c", "id-" + member, 1, term)),
                leader.isEmpty() ? Optional.empty() : Optional.of("id-" + leader),
                Optional.of("3.6.16"),
                0,
                List.of());
    }

    private static Observation silent(double at, String member) {
        return new Observation.MemberStatus(
                time(at), "first", member, Optional.empty(), Optional.empty(), Optional.empty(), 0, List.of("refused"));
    }

    private static Observation exit(double at, String member) {
        return new Observation.MemberExit(time(at), member, true, OptionalInt.of(137));
    }

    private static Duration time(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static Interval interval(double from, double to) {
        return new Interval(time(from), time(to));
    }

    @Test
    void aMemberWhoseProcessWasStartedAgainIsSilentUntilItAnswers() {
        FaultEvent killed = new FaultEvent(time(2), "a", "kill", FaultEvent.Phase.INJECTED, List.of("etcd-1"), "");
        FaultEvent lifted = new FaultEvent(time(4), "a", "kill", FaultEvent.Phase.LIFTED, List.of("etcd-1"), "");

        List<MemberLife> lives = MemberLife.of(
                List.of(
                        status(1, "etcd-1", "etcd-1", 2),
                        exit(2, "etcd-1"),
                        silent(5, "etcd-1"),
                        status(8, "etcd-1", "etcd-1", 3),
                        status(9, "etcd-1", "etcd-1", 3)),
                FaultLife.of(List.of(killed, lifted)),
                END);

        assertThat(lives.get(0).stretches())
                .containsExactly(
                        new Stretch(State.ANSWERS, interval(1, 2)),
                        new Stretch(State.ENDED, interval(2, 4)),
                        new Stretch(State.SILENT, interval(4, 8)),
                        new Stretch(State.ANSWERS, interval(8, 10)));
    }

    @Test
    void aMemberAnswersEndsStaysEndedThoughItIsAskedAndAnswersAgain() {
        List<MemberLife> lives = MemberLife.of(
                List.of(
                        status(1, "etcd-1", "etcd-1", 2),
                        exit(2, "etcd-1"),
                        silent(2.5, "etcd-1"),
                        status(4, "etcd-1", "etcd-1", 3),
                        status(9, "etcd-1", "etcd-1", 3)),
                List.of(),
                END);

        assertThat(lives)
                .containsExactly(new MemberLife(
                        "first",
                        "etcd-1",
                        List.of(
                                new Stretch(State.ANSWERS, interval(1, 2)),
                                new Stretch(State.ENDED, interval(2, 4)),
                                new Stretch(State.ANSWERS, interval(4, 10)))));
    }

    @Test
    void aMemberThatIsStalledIsSilentAndNotEnded() {
        List<MemberLife> lives = MemberLife.of(
                List.of(status(1, "etcd-1", "", 2), silent(3, "etcd-1"), silent(9, "etcd-1")), List.of(), END);

        assertThat(lives.get(0).stretches())
                .containsExactly(
                        new Stretch(State.ANSWERS, interval(1, 3)), new Stretch(State.SILENT, interval(3, 10)));
    }

    @Test
    void aLeaderLeadsUntilItsProcessEndsThoughFollowersStillNameItAndTheNextWhenOneNamesIt() {
        List<Leadership> leaders = Leadership.of(
                List.of(
                        status(1, "etcd-1", "etcd-1", 2),
                        status(1, "etcd-2", "etcd-1", 2),
                        exit(3, "etcd-1"),
                        status(3.5, "etcd-2", "etcd-1", 2),
                        status(4.5, "etcd-2", "etcd-2", 3),
                        status(9.5, "etcd-2", "etcd-2", 3)),
                END);

        assertThat(leaders)
                .containsExactly(
                        new Leadership("first", Optional.of("etcd-1"), 2, interval(1, 3)),
                        new Leadership("first", Optional.empty(), 2, interval(3, 4.5)),
                        new Leadership("first", Optional.of("etcd-2"), 3, interval(4.5, 10)));
    }

    @Test
    void ofTwoLeadersTheOneWithTheHigherTermCounts() {
        List<Leadership> leaders = Leadership.of(
                List.of(
                        status(1, "etcd-1", "etcd-1", 2),
                        status(2, "etcd-2", "etcd-2", 3),
                        status(9, "etcd-1", "etcd-1", 2)),
                END);

        assertThat(leaders)
                .extracting(Leadership::leader)
                .containsExactly(Optional.of("etcd-1"), Optional.of("etcd-2"));
    }

    @Test
    void aClusterThatIsNotAskedAnyMoreHasNoLeaderToShow() {
        List<Leadership> leaders = Leadership.of(List.of(status(1, "etcd-1", "etcd-1", 2)), END);

        assertThat(leaders).containsExactly(new Leadership("first", Optional.of("etcd-1"), 2, interval(1, 3)));
    }
}
