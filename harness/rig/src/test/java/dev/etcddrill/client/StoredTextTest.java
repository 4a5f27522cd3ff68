package dev.etcddrill.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StoredTextTest {
    @Property
    void anyBytesComeBackFromTheirText(@ForAll byte[] bytes) {
        ByteString stored = ByteString.copyFrom(bytes);

        assertThat(StoredText.keyBytes(StoredText.keyText(stored))).isEqualTo(stored);
        assertThat(StoredText.valueBytes(StoredText.valueText(stored))).isEqualTo(stored);
    }

    @Test
    void printableTextStaysAsItIs() {
        assertThat(StoredText.keyText(ByteString.copyFromUtf8("/registry/ä"))).isEqualTo("/registry/ä");
        assertThat(StoredText.keyText(ByteString.copyFrom(new byte[] {(byte) 0xff, 0})))
                .isEqualTo("bytes:ff00");
        assertThat(StoredText.keyText(ByteString.copyFromUtf8("bytes:1"))).isEqualTo("bytes:62797465733a31");
    }

    @Test
    void aLargeValueIsToldByItsName() {
        ByteString stored = StoredText.valueBytes("large:1048571:v7");

        assertThat(stored.size()).isEqualTo(1_048_571);
        assertThat(StoredText.valueText(stored)).isEqualTo("large:1048571:v7");
    }

    @Test
    void aLargeValueWithOneWrongByteIsNot() {
        byte[] content = StoredText.valueBytes("large:100000:v7").toByteArray();
        content[99_999] ^= 1;

        assertThat(StoredText.valueText(ByteString.copyFrom(content))).startsWith("large:100000:SHA-256 ");
        assertThat(StoredText.valueText(ByteString.copyFrom("x".repeat(100_000).getBytes(StandardCharsets.UTF_8))))
                .startsWith("large:100000:SHA-256 ");
    }
}
