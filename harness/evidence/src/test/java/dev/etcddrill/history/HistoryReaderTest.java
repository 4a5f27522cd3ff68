package dev.etcddrill.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of the good history: 1 header, 2 invoke 1, 3 invoke 2, 4 return 1, 5 return 2, 6 invoke 3, 7 return 3, 8 closing. */
class HistoryReaderTest {
    private static final Header HEADER = new Header("c", "m", 2, 1);

    @TempDir
    private Path directory;

    private List<String> good;

    @BeforeEach
    void recordAHistory() throws IOException {
        Path file = directory.resolve("good.jsonl");
        try (HistoryWriter writer = new HistoryWriter(file, AttemptClock.started(Clock.systemUTC(), () -> 0))) {
            long first = writer.invoked(1, "first", "etcd-1", new Request.Put("k", "v"), Duration.ofMillis(1));
            long second = writer.invoked(2, "first", "etcd-2", new Request.Delete("k"), Duration.ofMillis(2));
            writer.returned(first, Duration.ofMillis(3), new Outcome.Ok(new Response.Put(HEADER)));
            writer.returned(second, Duration.ofMillis(4), new Outcome.Failed("no leader"));
            long third = writer.invoked(
                    1, "first", "etcd-1", new Request.Get("k", Request.Consistency.LINEARIZABLE), Duration.ofMillis(5));
            writer.returned(third, Duration.ofMillis(6), new Outcome.Ok(new Response.Get(HEADER, Optional.empty())));
        }
        good = Files.readAllLines(file);
    }

    @Test
    void a_history_cut_at_any_byte_is_read_up_to_its_last_whole_line() throws IOException {
        byte[] bytes = text(good).getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            Path file = directory.resolve("cut.jsonl");
            Files.write(file, Arrays.copyOf(bytes, length));
            String cut = new String(bytes, 0, length, StandardCharsets.UTF_8);
            long lines = cut.chars().filter(c -> c == '\n').count();

            History history = History.read(file);

            assertThat(history.damage()).as("cut after %d bytes", length).isEmpty();
            assertThat(history.closed()).isFalse();
            assertThat(history.brokenOff()).isEqualTo(length == 0 || !cut.endsWith("\n"));
            assertThat(history.started().isPresent()).isEqualTo(lines >= 1);
            assertThat(history.operations()).hasSize(lines < 2 ? 0 : lines == 2 ? 1 : lines < 6 ? 2 : 3);
            assertThat(history.operations().stream()
                            .filter(operation -> operation.returned().isPresent()))
                    .hasSize(lines < 4 ? 0 : lines == 4 ? 1 : lines < 7 ? 2 : 3);
        }
    }

    @Test
    void a_foreign_file_is_named_with_its_first_line() throws IOException {
        Path file = write(List.of("INFO  jepsen started", "..."));

        assertThatThrownBy(() -> HistoryReader.open(file).close())
                .isInstanceOf(DamagedRecordException.class)
                .hasMessageStartingWith(file + ":1: expected the header of etcd-drill/history version 2, but found"
                        + " INFO  jepsen started");
    }

    @Test
    void a_newer_version_is_not_guessed_at() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.set(0, lines.get(0).replace("\"version\":2", "\"version\":3"));
        assertDamage(lines, 1, "expected the header of etcd-drill/history version 2");
    }

    @Test
    void a_header_without_clocks_is_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.set(0, "{\"format\":\"etcd-drill/history\",\"version\":2}");
        assertDamage(lines, 1, "expected both clocks");
    }

    @Test
    void lines_out_of_order_are_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        Collections.swap(lines, 1, 2);
        assertDamage(lines, 2, "expected the operation with id 1, but found id 2");
    }

    @Test
    void a_doubled_invocation_is_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.add(6, lines.get(5));
        assertDamage(lines, 7, "expected the operation with id 4, but found id 3");
    }

    @Test
    void a_doubled_return_is_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.add(4, lines.get(3));
        assertDamage(lines, 5, "operation 1 returns here, but it is not in flight");
    }

    @Test
    void a_return_without_an_invocation_is_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.set(4, lines.get(4).replace("\"id\":2", "\"id\":9"));
        assertDamage(lines, 5, "operation 9 returns here, but it is not in flight");
    }

    @Test
    void a_missing_return_is_noticed_when_its_process_goes_on() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.remove(3);
        assertDamage(lines, 5, "process 1 invokes operation 3, but one of its operations did not return");
    }

    @Test
    void a_missing_return_is_noticed_by_the_closing_line() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.remove(6);
        assertDamage(lines, 7, "the closing line counts 3 invocations and 3 returns, but there are 3 and 2");
    }

    @Test
    void a_missing_invocation_is_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.remove(2);
        assertDamage(lines, 4, "operation 2 returns here, but it is not in flight");
    }

    @Test
    void a_return_before_its_invocation_is_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.set(3, lines.get(3).replace("PT0.003S", "PT0S"));
        assertDamage(lines, 4, "operation 1 returned at PT0S, before its invocation");
    }

    @Test
    void a_process_does_not_go_back_in_time() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.set(5, lines.get(5).replace("PT0.005S", "PT0.002S"));
        assertDamage(lines, 6, "before its last one returned");
    }

    @Test
    void an_answer_to_another_request_is_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.set(
                6, lines.get(6).replace("\"type\":\"get\"", "\"type\":\"put\"").replace(",\"keyValue\":null", ""));
        assertDamage(lines, 7, "Put is no answer to Get");
    }

    @Test
    void a_line_after_the_closing_line_is_damage() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.add(lines.get(5));
        assertDamage(lines, 9, "expected nothing after the closing line");
    }

    @Test
    void an_edited_line_is_damage_with_what_it_says() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.set(3, "-- removed by hand --");
        assertDamage(lines, 4, "expected a record, but found -- removed by hand --");
    }

    @Test
    void a_line_that_is_json_but_no_event_is_damage() throws IOException {
        for (String nonsense : List.of("null", "[]", "{}", "7", "{\"event\":\"invoked\"}", "\"x\"", "", "\u0000")) {
            List<String> lines = new ArrayList<>(good);
            lines.set(3, nonsense);
            assertDamage(lines, 4, "expected a record");
        }
    }

    @Test
    void what_is_readable_around_damage_is_kept() throws IOException {
        List<String> lines = new ArrayList<>(good);
        lines.set(4, "???");

        History history = History.read(write(lines));

        assertThat(history.operations()).extracting(Operation::id).containsExactly(1L, 2L, 3L);
        assertThat(history.operations().get(1).outcome()).isEqualTo(new Outcome.Unknown("no return recorded"));
        assertThat(history.operations().get(2).returned()).isPresent();
        assertThat(history.damage()).extracting(DamagedRecordException::line).containsExactly(5L, 8L);
    }

    @Test
    void a_file_that_is_nothing_but_damage_is_not_read_to_its_end() throws IOException {
        List<String> lines = new ArrayList<>(good.subList(0, 1));
        lines.addAll(Collections.nCopies(1000, "noise"));

        assertThat(History.read(write(lines)).damage()).hasSize(JsonLines.DAMAGE_LIMIT);
    }

    @Test
    void other_lines_are_checked_for_format_and_shape_too() throws IOException {
        Path file = write(
                List.of(
                        "{\"format\":\"etcd-drill/faults\",\"version\":2}",
                        "{\"at\":\"PT1S\",\"text\":\"an observation\"}",
                        "{\"at\":\"PT0.02S\",\"fault\":\"f\",\"kind\":\"kill\",\"phase\":\"SEEN\",\"members\":[],\"links\":[],\"parameters\":{},\"detail\":\"\"}"));

        JsonLines<FaultEvent> faults = JsonLines.read(file, FileFormat.FAULTS, FaultEvent.class);
        assertThat(faults.records()).hasSize(1);
        assertThat(faults.damage()).singleElement().satisfies(damage -> {
            assertThat(damage.line()).isEqualTo(2);
            assertThat(damage).hasMessageStartingWith(file + ":2: ");
        });

        JsonLines<LedgerEntry> ledger = JsonLines.read(file, FileFormat.LEDGER, LedgerEntry.class);
        assertThat(ledger.damage())
                .singleElement()
                .satisfies(damage ->
                        assertThat(damage).hasMessageContaining("expected the header of etcd-drill/ledger version 1"));
    }

    private void assertDamage(List<String> lines, long line, String message) throws IOException {
        Path file = write(lines);
        History history = History.read(file);
        assertThat(history.damage()).isNotEmpty();
        DamagedRecordException first = history.damage().get(0);
        assertThat(first.line()).isEqualTo(line);
        assertThat(first).hasMessageStartingWith(file + ":" + line + ": ").hasMessageContaining(message);
    }

    private Path write(List<String> lines) throws IOException {
        return Files.writeString(directory.resolve("history.jsonl"), text(lines));
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
