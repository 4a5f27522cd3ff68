package dev.etcddrill.recipe;

import dev.etcddrill.document.QuantityText;
import java.time.Duration;

/**
 * The network that the members share.
 *
 * @param subnet holds every member's address
 * @param roundTripTime longest ordinary round trip between two members; 1 ms when not stated, which members in one data
 *     centre keep (docs/rules.md TOP-07)
 */
public record NetworkSettings(Subnet subnet, Duration roundTripTime) {

    /** Round trip when the recipe states none. */
    public static final Duration DEFAULT_ROUND_TRIP_TIME = Duration.ofMillis(1);

    /** Checks that the round trip is longer than zero. */
    public NetworkSettings {
        QuantityText.requirePositive(roundTripTime);
    }
}
