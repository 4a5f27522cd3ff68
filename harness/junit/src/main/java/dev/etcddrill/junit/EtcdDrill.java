package dev.etcddrill.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of Jupiter tests that are drills: it is skipped where the drill was not chosen or cannot run here, and its test
 * methods may have a {@link dev.etcddrill.drill.DrillExecution} as parameter, which is judged when the method returns.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Tag(EtcdDrill.TAG)
@ExtendWith(EtcdDrillExtension.class)
public @interface EtcdDrill {
    /** The tag that the build selects drills by. */
    String TAG = "drill";

    /** Id of the drill, as in the catalogue. */
    String value();
}
