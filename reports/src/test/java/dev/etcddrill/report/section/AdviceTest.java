package dev.etcddrill.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.check.Check;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class AdviceTest {
    @Test
    void everyCheckOfOursHasAnAdvice() {
        assertThat(ServiceLoader.load(Check.class))
                .isNotEmpty()
                .allSatisfy(check -> assertThat(Advice.knows(check.id()))
                        .as("an advice for the check %s", check.id())
                        .isTrue());
    }

    @Test
    void aCheckOfSomebodyElseHasAGeneralOne() {
        assertThat(Advice.afterFailure("of-somebody-else")).contains("Keep the run directory");
    }
}
