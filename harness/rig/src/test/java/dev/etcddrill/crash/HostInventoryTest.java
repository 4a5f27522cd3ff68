package dev.etcddrill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is left is told by name, on this very machine. */
class HostInventoryTest {
    private static final String NAME = "ETCD_DRILL_INVENTORY_TEST";
    private static final String MARKER = NAME + "=" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    @Test
    void aProcessThatIsLeftIsTold() throws Exception {
        HostInventory before = HostInventory.take(MARKER);
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo here; exec sleep 60").redirectErrorStream(true);
        builder.environment().put(NAME, MARKER.substring(NAME.length() + 1));
        Process left = builder.start();
        try {
            assertThat(left.inputReader().readLine()).isEqualTo("here");

            assertThat(HostInventory.take(MARKER).changesSince(before))
                    .filteredOn(line -> line.contains("process"))
                    .singleElement()
                    .asString()
                    .startsWith("left: process ")
                    .endsWith("(" + left.pid() + ")");
        } finally {
            left.destroyForcibly().waitFor();
        }

        assertThat(HostInventory.take(MARKER).changesSince(before))
                .filteredOn(line -> line.contains("(" + left.pid() + ")"))
                .isEmpty();
    }

    @Test
    void itSeesMountsAndNetworkLinksOfThisMachine() {
        assertThat(HostInventory.take(MARKER).items()).contains("mount /proc", "network link lo");
    }

    @Test
    void whatIsNewAndWhatIsGoneAreBothTold() {
        HostInventory before = new HostInventory(Set.of("mount /proc", "routing rule -4 0: from all lookup local"));
        HostInventory after = new HostInventory(Set.of("mount /proc", "mount /left", "network link veth7"));

        assertThat(after.changesSince(before))
                .containsExactly(
                        "left: mount /left",
                        "left: network link veth7",
                        "missing: routing rule -4 0: from all lookup local");
    }
}
