package dev.etcddrill.cluster.docker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.recipe.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostRoutesTest {
    /** As the kernel writes it: a default route, and 10.0.1.0/24 by eth1. */
    private static final HostRoutes ROUTES = HostRoutes.parse(List.of(
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
            "eth0\t00000000\t0102A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
            "eth1\t0001000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0"));

    @Test
    void aMachineThatLivesInTheRecipesSubnetIsRefused() {
        assertThatThrownBy(() -> ROUTES.refuse("this machine", Subnet.parse("10.0.1.0/24")))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("this machine itself has a route into the recipe's subnet 10.0.1.0/24")
                .hasMessageContaining("by eth1")
                .hasMessageContaining("Drill in the sandbox");
        assertThatThrownBy(() -> ROUTES.refuse("this machine", Subnet.parse("10.0.1.128/25")))
                .isInstanceOf(ClusterException.class);
    }

    @Test
    void aDefaultRouteAndOtherSubnetsAreNoReason() {
        assertThatCode(() -> ROUTES.refuse("this machine", Subnet.parse("10.0.2.0/24")))
                .doesNotThrowAnyException();
    }
}
