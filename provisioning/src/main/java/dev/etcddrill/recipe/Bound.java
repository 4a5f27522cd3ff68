package dev.etcddrill.recipe;

import dev.etcddrill.document.QuantityText;
import java.time.Duration;

/**
 * An upper bound that a drill judges by.
 *
 * @param value longest time allowed
 * @param origin whether the recipe states the bound or it was derived
 * @param source one line that says where the value comes from, for a report
 */
public record Bound(Duration value, Origin origin, String source) {

    /** Where a bound comes from. */
    public enum Origin {
        /** The recipe states it. */
        STATED,
        /** Derived from other settings by a documented formula. */
        DERIVED
    }

    /** Checks that the bound is longer than zero. */
    public Bound {
        QuantityText.requirePositive(value);
    }
}
