package dev.etcddrill.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * A class of jqwik properties that are drills: each try runs one generated plan as an attempt of a
 * {@link dev.etcddrill.drill.DrillExecution}, which a {@link DrillExecutions} parameter gives; they are judged when the
 * property ends. It must not carry Jupiter's annotations: jqwik would skip its properties without failing.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Tag(EtcdDrill.TAG)
@AddLifecycleHook(EtcdDrillPropertyHook.class)
public @interface EtcdDrillProperty {
    /** Id of the drill, as in the catalogue. */
    String value();
}
