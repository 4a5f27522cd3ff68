package dev.etcddrill.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * A jqwik property that makes every {@link Try} once: classes must all be covered, so they are enumerated and not sampled.
 * What is random within a class is drawn from the attempt's seed.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Property(
        generation = GenerationMode.EXHAUSTIVE,
        edgeCases = EdgeCasesMode.NONE,
        shrinking = ShrinkingMode.OFF,
        tries = Integer.MAX_VALUE)
public @interface EveryTry {}
