package dev.etcddrill.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTextTest {
    @Test
    void a_console_that_knows_our_signs_gets_them() {
        assertThat(new ConsoleText(StandardCharsets.UTF_8).printable("✓ PASS · 5 drills"))
                .isEqualTo("✓ PASS · 5 drills");
    }

    @Test
    void a_console_of_ascii_gets_plain_signs_and_no_question_marks() {
        assertThat(new ConsoleText(StandardCharsets.US_ASCII).printable("✓ PASS · 5 drills … ✗"))
                .isEqualTo("ok PASS - 5 drills ... !!");
    }
}
