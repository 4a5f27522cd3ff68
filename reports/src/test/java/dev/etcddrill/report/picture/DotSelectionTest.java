package dev.etcddrill.report.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.Header;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import dev.etcddrill.report.picture.DotSelection.Dot;
import dev.etcddrill.report.timeline.Interval;
import dev.etcddrill.report.timeline.Outage;
import dev.etcddrill.report.timeline.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class DotSelectionTest {
    private static final int MOST = 300;

    private static Dot dot(long id, double x, double y, long latencyMillis, Outcome outcome) {
        Duration invoked = Duration.ofMillis(Math.round(x * 10));
        return new Dot(
                new Operation(
                        id,
                        0,
                        "first",
                        "etcd-1",
                        new Request.Put("k", "v" + id),
                        invoked,
                        Optional.of(invoked.plusMillis(latencyMillis)),
                        outcome),
                x,
                y);
    }

    private static Outcome ok() {
        return new Outcome.Ok(new Response.Put(new Header("c", "m", 1, 1)));
    }

    /** A crowd with a few that matter in between. */
    private static List<Dot> crowd(Random random, int size) {
        List<Dot> dots = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            int dice = random.nextInt(100);
            Outcome outcome =
                    dice == 0 ? new Outcome.Failed("refused") : dice == 1 ? new Outcome.Unknown("deadline") : ok();
            dots.add(dot(
                    id,
                    id * 900.0 / size,
                    100 + random.nextGaussian() * 10,
                    1 + Math.round(Math.exp(random.nextGaussian())),
                    outcome));
        }
        return dots;
    }

    @Property(tries = 50)
    void keepsAllThatFailedOrAreUnknownTheSlowestAndThoseACheckPointsAt(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20_000) int size) {
        Random random = new Random(seed);
        List<Dot> dots = crowd(random, size);
        Set<Long> pointedAt = Set.copyOf(List.of(1L + random.nextInt(size), (long) size));
        long slowest = dots.stream()
                .mapToLong(dot ->
                        DotSelection.latency(dot.operation()).orElseThrow().toMillis())
                .max()
                .orElseThrow();

        List<Dot> drawn = DotSelection.of(dots, MOST, pointedAt, List.of());

        List<Long> ids = drawn.stream().map(dot -> dot.operation().id()).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates().containsAll(pointedAt);
        assertThat(ids)
                .containsAll(dots.stream()
                        .filter(dot -> !(dot.operation().outcome() instanceof Outcome.Ok))
                        .map(dot -> dot.operation().id())
                        .toList());
        assertThat(drawn)
                .anyMatch(dot ->
                        DotSelection.latency(dot.operation()).orElseThrow().toMillis() == slowest);
        long matter = dots.stream()
                .filter(dot -> !(dot.operation().outcome() instanceof Outcome.Ok))
                .count();
        assertThat(drawn.size()).isLessThanOrEqualTo((int) (MOST + matter + DotSelection.SLOWEST + 2));
    }

    @Example
    void keepsTheSuccessThatEndsAnOutage() {
        List<Dot> dots = new ArrayList<>(crowd(new Random(1), 5_000));
        Dot ending = dots.get(2_500);
        Duration returned = ending.operation().returned().orElseThrow();
        Outage outage = new Outage(Traffic.WRITES, new Interval(Duration.ZERO, returned), true);

        assertThat(DotSelection.of(dots, 1, Set.of(), List.of(outage))).contains(ending);
    }

    @Example
    void keepsADotThatStandsAloneWhileTheCrowdThinsOut() {
        List<Dot> dots = new ArrayList<>(crowd(new Random(1), 5_000));
        Dot alone = dot(6_000, 400, 10, 1, ok());
        dots.add(alone);

        assertThat(DotSelection.of(dots, MOST, Set.of(), List.of())).contains(alone);
    }

    @Example
    void drawsAllWhereTheyAreFewAndApart() {
        List<Dot> dots = List.of(dot(1, 10, 10, 1, ok()), dot(2, 20, 10, 1, ok()), dot(3, 30, 10, 1, ok()));

        assertThat(DotSelection.of(dots, 10, Set.of(), List.of())).isEqualTo(dots);
    }
}
