package dev.etcddrill.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MetricsProbeTest {
    @Test
    void keepsWhatIsOfEtcdAndItsProcessWithTheTimeAndLeavesBucketsOut() {
        String answer = """
                HTTP/1.0 200 OK\r
                Content-Type: text/plain; version=0.0.4\r
                \r
                # HELP etcd_server_has_leader Whether or not a leader exists.
                # TYPE etcd_server_has_leader gauge
                etcd_server_has_leader 1
                etcd_network_peer_round_trip_time_seconds_bucket{To="a11",le="0.0001"} 3
                etcd_network_peer_round_trip_time_seconds_sum{To="a11"} 0.25
                go_goroutines 77
                process_resident_memory_bytes 4.2e+07
                """;

        assertThat(MetricsProbe.samples(answer, Instant.ofEpochSecond(5))).isEqualTo("""
                        etcd_server_has_leader 1 5000
                        etcd_network_peer_round_trip_time_seconds_sum{To="a11"} 0.25 5000
                        process_resident_memory_bytes 4.2e+07 5000
                        """);
    }
}
