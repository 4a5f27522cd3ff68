package dev.etcddrill.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** What is written is read back as it was, whatever it is. */
class HistoryRoundTripTest {
    private Path file;

    @BeforeTry
    void chooseFile() throws IOException {
        file = Files.createTempDirectory("history").resolve("lines.jsonl");
    }

    @AfterTry
    void removeFile() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(file.getParent());
    }

    @Property(tries = 100)
    void operations_are_read_as_they_were_recorded(@ForAll("operations") List<Operation> operations)
            throws IOException {
        List<Operation> expected = new ArrayList<>();
        try (HistoryWriter writer =
                new HistoryWriter(file, AttemptClock.started(Clock.systemUTC(), System::nanoTime))) {
            for (Operation operation : operations) {
                int process = expected.size();
                long id = writer.invoked(
                        process, operation.incarnation(), operation.member(), operation.request(), operation.invoked());
                writer.returned(id, operation.returned().orElseThrow(), operation.outcome());
                expected.add(new Operation(
                        id,
                        process,
                        operation.incarnation(),
                        operation.member(),
                        operation.request(),
                        operation.invoked(),
                        operation.returned(),
                        operation.outcome()));
            }
        }
        expected.sort(Comparator.comparing(Operation::invoked).thenComparing(Operation::id));

        History history = History.read(file);

        assertThat(history.damage()).isEmpty();
        assertThat(history.closed()).isTrue();
        assertThat(history.operations()).isEqualTo(expected);
    }

    @Property(tries = 100)
    void faults_are_read_as_they_were_recorded(@ForAll("faults") List<FaultEvent> faults) throws IOException {
        assertReadAsWritten(FileFormat.FAULTS, FaultEvent.class, faults);
    }

    @Property(tries = 100)
    void observations_are_read_as_they_were_recorded(@ForAll("observations") List<Observation> observations)
            throws IOException {
        assertReadAsWritten(FileFormat.OBSERVATIONS, Observation.class, observations);
    }

    @Property(tries = 100)
    void undo_steps_are_read_as_they_were_recorded(@ForAll("ledger") List<LedgerEntry> ledger) throws IOException {
        assertReadAsWritten(FileFormat.LEDGER, LedgerEntry.class, ledger);
    }

    @Property(tries = 100)
    void wall_clock_times_follow_from_one_reading_of_both_clocks(
            @ForAll("readings") ClockReading reading, @ForAll("times") Duration later) {
        assertThat(reading.wallAt(reading.monotonic().plus(later)))
                .isEqualTo(reading.wall().plus(later));
    }

    private <T> void assertReadAsWritten(FileFormat format, Class<T> type, List<T> records) throws IOException {
        try (JsonLinesWriter<T> writer = new JsonLinesWriter<>(file, format, type)) {
            for (T each : records) {
                writer.append(each);
            }
            assertThat(writer.records()).isEqualTo(records.size());
        }
        assertThat(JsonLines.read(file, format, type)).isEqualTo(new JsonLines<>(records, false, List.of()));
    }

    @Provide
    Arbitrary<List<Operation>> operations() {
        return RecordArbitraries.operations().list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<FaultEvent>> faults() {
        return RecordArbitraries.of(FaultEvent.class).list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Observation>> observations() {
        return RecordArbitraries.of(Observation.class).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<LedgerEntry>> ledger() {
        return RecordArbitraries.of(LedgerEntry.class).list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<ClockReading> readings() {
        return RecordArbitraries.of(ClockReading.class);
    }

    @Provide
    Arbitrary<Duration> times() {
        return Arbitraries.longs().map(Duration::ofNanos);
    }
}
