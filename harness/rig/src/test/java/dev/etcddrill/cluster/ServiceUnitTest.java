package dev.etcddrill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceUnitTest {
    @Test
    void commandsBeforeAndAfterAreReadInTheirOrderWithoutPrefixes() {
        ServiceUnit unit = ServiceUnit.parse("""
                [Service]
                # ExecStartPre=/commented/out
                ExecStartPre=+/usr/local/bin/guard.sh start
                ExecStartPre=-/bin/mkdir -p \\
                  /run/etcd
                ExecStart=/usr/local/bin/etcd --config-file=/etc/etcd/etcd.conf.yml
                ExecStopPost=+/usr/local/bin/guard.sh stop
                """);

        assertThat(unit.before())
                .containsExactly(
                        new ServiceUnit.Command(List.of("/usr/local/bin/guard.sh", "start"), false),
                        new ServiceUnit.Command(List.of("/bin/mkdir", "-p", "/run/etcd"), true));
        assertThat(unit.after())
                .containsExactly(new ServiceUnit.Command(List.of("/usr/local/bin/guard.sh", "stop"), false));
    }

    @Test
    void anEmptyAssignmentForgetsTheOnesBefore() {
        assertThat(ServiceUnit.parse("ExecStartPre=/bin/false\nExecStartPre=\n").before())
                .isEmpty();
    }

    @Test
    void aCommandThatOnlySystemdCanFillInIsRefused() {
        assertThatThrownBy(() -> ServiceUnit.parse("ExecStartPre=/bin/install -d /run/%n\n"))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("/run/%n")
                .hasMessageContaining("put it into a script");
    }
}
