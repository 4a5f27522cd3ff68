package dev.etcddrill.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.document.InvalidDocumentException;
import dev.etcddrill.document.QuantityText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RecipePropertiesTest {

    private static final byte[] GUIDE = ExampleRecipes.guideText().getBytes(StandardCharsets.UTF_8);

    /** Whatever happens to a valid recipe, it is read or refused with problems; never another exception. */
    @Property(tries = 2000)
    void anyDamagedRecipeIsReadOrRefusedWithProblems(
            @ForAll @IntRange(max = 900) int from,
            @ForAll @IntRange(max = 40) int length,
            @ForAll("pieces") String inserted) {
        int start = Math.min(from, GUIDE.length);
        int end = Math.min(start + length, GUIDE.length);
        byte[] middle = inserted.getBytes(StandardCharsets.UTF_8);
        byte[] damaged = Arrays.copyOf(GUIDE, start + middle.length + GUIDE.length - end);
        System.arraycopy(middle, 0, damaged, start, middle.length);
        System.arraycopy(GUIDE, end, damaged, start + middle.length, GUIDE.length - end);

        assertReadOrRefused(damaged);
    }

    @Property(tries = 500)
    void anyBytesAreRefusedWithProblems(@ForAll @Size(max = 300) byte[] bytes) {
        assertReadOrRefused(bytes);
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "&a ",
                        "*a",
                        "[",
                        "]",
                        "{",
                        "}",
                        "- ",
                        "? ",
                        ": ",
                        "!!binary ",
                        "!x ",
                        "|\n",
                        ">\n",
                        "\t",
                        "---\n",
                        "...\n",
                        "%YAML 9.9\n",
                        "null",
                        "~",
                        "1e999",
                        ".nan",
                        "0x1F",
                        "\"",
                        "'",
                        "#",
                        "\r",
                        "<<: {}",
                        "\u0000",
                        "\uFEFF",
                        "99999999999999999999",
                        "-1",
                        "3.6",
                        "true"),
                Arbitraries.strings().ofMaxLength(12));
    }

    @Property
    void aSubnetContainsExactlyTheAddressesWithItsPrefix(
            @ForAll @LongRange(max = 0xFFFF_FFFFL) long bits, @ForAll @IntRange(max = 32) int prefixLength) {
        long blockSize = 1L << (32 - prefixLength);
        long first = bits / blockSize * blockSize;
        Subnet subnet = new Subnet(IpAddress.ofBits(first), prefixLength);

        assertThat(subnet.contains(IpAddress.ofBits(bits))).isTrue();
        assertThat(subnet.contains(IpAddress.ofBits(first + blockSize - 1))).isTrue();
        if (first > 0) {
            assertThat(subnet.contains(IpAddress.ofBits(first - 1))).isFalse();
        }
        assertThat(Subnet.parse(subnet.toString())).isEqualTo(subnet);
        assertThat(subnet.overlaps(new Subnet(IpAddress.ofBits(bits), 32))).isTrue();
    }

    @Property
    void theFirstFreeAddressIsTheLowestThatIsNotTaken(
            @ForAll @Size(max = 5) Set<@IntRange(min = 1, max = 6) Integer> used) {
        Subnet subnet = Subnet.parse("10.0.1.0/29");
        Set<IpAddress> taken = new HashSet<>();
        used.forEach(last -> taken.add(IpAddress.parse("10.0.1." + last)));

        IpAddress free = subnet.firstFreeAddress(taken);

        assertThat(taken).doesNotContain(free);
        assertThat(subnet.isHostAddress(free)).isTrue();
        for (int last = 1; IpAddress.parse("10.0.1." + last).compareTo(free) < 0; last++) {
            assertThat(taken).contains(IpAddress.parse("10.0.1." + last));
        }
    }

    @Property
    void aPrintedTimeReadsAsTheSameTime(@ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long microseconds) {
        Duration time = Duration.ofNanos(microseconds * 1_000);

        assertThat(QuantityText.parseDuration(QuantityText.format(time))).isEqualTo(time);
    }

    @Property
    void versionsAreOrderedByTheirNumbers(
            @ForAll @IntRange(max = 40) int minor,
            @ForAll @IntRange(max = 40) int patch,
            @ForAll @IntRange(max = 40) int otherMinor,
            @ForAll @IntRange(max = 40) int otherPatch) {
        EtcdVersion version = new EtcdVersion(3, minor, patch);
        EtcdVersion other = new EtcdVersion(3, otherMinor, otherPatch);

        assertThat(EtcdVersion.parse(version.toString())).isEqualTo(version);
        assertThat(Integer.signum(version.compareTo(other)))
                .isEqualTo(Integer.signum(Integer.compare(minor * 100 + patch, otherMinor * 100 + otherPatch)));
    }

    private static void assertReadOrRefused(byte[] content) {
        try {
            assertThat(RecipeReader.parse(Path.of("recipe.yaml"), content).members())
                    .isNotEmpty();
        } catch (InvalidDocumentException refused) {
            assertThat(refused.problems())
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
        }
    }
}
