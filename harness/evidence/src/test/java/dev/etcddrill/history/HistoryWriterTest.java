package dev.etcddrill.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HistoryWriterTest {
    private static final Request PUT = new Request.Put("k", "v");
    private static final Outcome DONE = new Outcome.Ok(new Response.Put(new Header("c", "m", 2, 1)));

    @TempDir
    private Path directory;

    @Test
    void lines_are_in_the_order_of_recording() throws IOException {
        HistoryWriter writer = open();
        long first = writer.invoked(1, "first", "etcd-1", PUT, Duration.ofMillis(1));
        long second = writer.invoked(2, "first", "etcd-2", PUT, Duration.ofMillis(2));
        writer.returned(second, Duration.ofMillis(3), DONE);
        writer.returned(first, Duration.ofMillis(4), DONE);
        writer.close();

        try (HistoryReader reader = HistoryReader.open(file())) {
            assertThat(reader.next().orElseThrow()).isInstanceOf(HistoryEvent.Invoked.class);
            assertThat(reader.next().orElseThrow()).isInstanceOf(HistoryEvent.Invoked.class);
            assertThat(reader.next().orElseThrow()).isEqualTo(new HistoryEvent.Returned(2, Duration.ofMillis(3), DONE));
            assertThat(reader.next().orElseThrow()).isEqualTo(new HistoryEvent.Returned(1, Duration.ofMillis(4), DONE));
            assertThat(reader.next().orElseThrow()).isInstanceOf(HistoryEvent.Closed.class);
            assertThat(reader.next()).isEmpty();
            assertThat(reader.closed()).isTrue();
        }
    }

    @Test
    void both_clocks_are_recorded_at_the_start_and_at_the_end() throws IOException {
        AtomicLong nanos = new AtomicLong(5_000);
        Instant wall = Instant.parse("2026-11-25T03:00:00Z");
        AttemptClock clock = AttemptClock.started(InstantSource.fixed(wall), nanos::get);
        HistoryWriter writer = new HistoryWriter(file(), clock);
        nanos.addAndGet(1_000);
        writer.close();

        try (HistoryReader reader = HistoryReader.open(file())) {
            assertThat(reader.started()).contains(new ClockReading(wall, Duration.ZERO));
            assertThat(reader.next())
                    .contains(new HistoryEvent.Closed(new ClockReading(wall, Duration.ofNanos(1_000)), 0, 0));
        }
    }

    @Test
    @Timeout(60)
    void lines_reach_the_file_without_anybody_flushing() throws IOException {
        try (HistoryWriter writer = open()) {
            writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO);
            while (History.read(file()).operations().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void after_a_flush_everything_is_in_the_file() throws IOException {
        try (HistoryWriter writer = open()) {
            for (int process = 1; process <= 1000; process++) {
                writer.invoked(process, "first", "etcd-1", PUT, Duration.ZERO);
            }
            writer.flush();

            History history = History.read(file());
            assertThat(history.operations()).hasSize(1000);
            assertThat(history.closed()).isFalse();
        }
    }

    @Test
    void an_operation_in_flight_at_the_end_is_unknown() throws IOException {
        HistoryWriter writer = open();
        writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO);
        writer.close();

        History history = History.read(file());
        assertThat(history.damage()).isEmpty();
        assertThat(history.closed()).isTrue();
        Operation operation = history.operations().get(0);
        assertThat(operation.outcome()).isEqualTo(new Outcome.Unknown("no return recorded"));
        assertThat(operation.returned()).isEmpty();
    }

    @Test
    @Timeout(60)
    void many_threads_record_one_history() throws Exception {
        int clients = 8;
        int each = 500;
        HistoryWriter writer = open();
        AttemptClock clock = AttemptClock.started(Clock.systemUTC(), System::nanoTime);
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        List<Future<?>> running = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            int process = client;
            running.add(threads.submit(() -> {
                for (int i = 0; i < each; i++) {
                    long id = writer.invoked(process, "first", "etcd-1", PUT, clock.elapsed());
                    writer.returned(id, clock.elapsed(), DONE);
                }
            }));
        }
        for (Future<?> thread : running) {
            thread.get();
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        writer.close();

        History history = History.read(file());
        assertThat(history.damage()).isEmpty();
        assertThat(history.operations())
                .hasSize(clients * each)
                .allSatisfy(operation -> assertThat(operation.outcome()).isEqualTo(DONE));
    }

    @Test
    void a_process_has_one_operation_in_flight() throws IOException {
        try (HistoryWriter writer = open()) {
            writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO);
            assertThatThrownBy(() -> writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("process 1 has an operation in flight");
        }
    }

    @Test
    void a_process_is_not_used_again_after_an_unknown_outcome() throws IOException {
        try (HistoryWriter writer = open()) {
            long id = writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO);
            writer.returned(id, Duration.ZERO, new Outcome.Unknown("deadline"));
            assertThatThrownBy(() -> writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("must go on as a new process");
        }
    }

    @Test
    void an_operation_returns_once() throws IOException {
        try (HistoryWriter writer = open()) {
            long id = writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO);
            writer.returned(id, Duration.ZERO, DONE);
            assertThatThrownBy(() -> writer.returned(id, Duration.ZERO, DONE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("operation 1 is not in flight");
        }
    }

    @Test
    void an_answer_to_another_kind_of_request_is_refused() throws IOException {
        try (HistoryWriter writer = open()) {
            long id = writer.invoked(1, "first", "etcd-1", new Request.Delete("k"), Duration.ZERO);
            assertThatThrownBy(() -> writer.returned(id, Duration.ZERO, DONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nothing_is_recorded_after_closing() throws IOException {
        HistoryWriter writer = open();
        writer.close();
        writer.close();
        assertThatThrownBy(() -> writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    @Timeout(60)
    void a_history_that_cannot_be_written_ends_the_recording() throws IOException {
        HistoryWriter writer =
                new HistoryWriter(file(), new FullDisk(), AttemptClock.started(Clock.systemUTC(), System::nanoTime));
        writer.invoked(1, "first", "etcd-1", PUT, Duration.ZERO);

        assertThatThrownBy(writer::flush).isInstanceOf(IOException.class).hasMessageContaining("disk is full");
        assertThatThrownBy(() -> writer.invoked(2, "first", "etcd-1", PUT, Duration.ZERO))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("history.jsonl cannot be written: disk is full");
        assertThatThrownBy(() -> writer.returned(1, Duration.ZERO, DONE)).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(writer::close).isInstanceOf(IOException.class);
    }

    @Test
    void a_record_is_never_written_over() throws IOException {
        open().close();
        assertThatThrownBy(this::open).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void an_interrupted_thread_can_still_record() throws IOException {
        try (JsonLinesWriter<LedgerEntry> ledger =
                new JsonLinesWriter<>(file(), FileFormat.LEDGER, LedgerEntry.class)) {
            LedgerEntry entry =
                    new LedgerEntry(Duration.ZERO, "restart-member", "etcd-1", LedgerEntry.State.PENDING, "");
            Thread.currentThread().interrupt();
            ledger.append(entry);
            ledger.append(entry);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(JsonLines.read(file(), FileFormat.LEDGER, LedgerEntry.class).records())
                .hasSize(2);
    }

    @Test
    @Timeout(120)
    void what_a_killed_jvm_recorded_is_there() throws Exception {
        Process recording = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRecorder.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // The recorder says so after a flush, then records on until it is killed.
        assertThat(new String(recording.getInputStream().readNBytes(7), StandardCharsets.UTF_8))
                .isEqualTo("flushed");
        recording.destroyForcibly().waitFor();

        History history = History.read(file());
        assertThat(history.damage()).isEmpty();
        assertThat(history.closed()).isFalse();
        assertThat(history.operations()).hasSizeGreaterThanOrEqualTo(KilledRecorder.FLUSHED);
    }

    private HistoryWriter open() throws IOException {
        return new HistoryWriter(file(), AttemptClock.started(Clock.systemUTC(), System::nanoTime));
    }

    private Path file() {
        return directory.resolve("history.jsonl");
    }

    /** Has room for the header only. */
    private static final class FullDisk extends OutputStream {
        private boolean used;

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (used) {
                throw new IOException("disk is full");
            }
            used = true;
        }
    }

    /** A JVM that records until it is killed. */
    static final class KilledRecorder {
        static final int FLUSHED = 5000;

        private KilledRecorder() {}

        public static void main(String[] arguments) throws IOException {
            HistoryWriter writer =
                    new HistoryWriter(Path.of(arguments[0]), AttemptClock.started(Clock.systemUTC(), System::nanoTime));
            for (int process = 1; process <= FLUSHED; process++) {
                record(writer, process);
            }
            writer.flush();
            System.out.print("flushed");
            System.out.flush();
            for (int process = FLUSHED + 1; ; process++) {
                record(writer, process);
                if (process % FLUSHED == 0) {
                    writer.flush();
                }
            }
        }

        private static void record(HistoryWriter writer, int process) {
            long id = writer.invoked(process, "first", "etcd-1", PUT, Duration.ZERO);
            writer.returned(id, Duration.ZERO, DONE);
        }
    }
}
