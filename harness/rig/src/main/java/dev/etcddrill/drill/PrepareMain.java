package dev.etcddrill.drill;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The preparation as a build step: run in Maven's own JVM, before the drilling JVM is forked. Arguments: the checkout's
 * root and the directory that the results go to.
 */
public final class PrepareMain {
    private PrepareMain() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            throw new IllegalArgumentException(
                    "expected the checkout's root and an output directory, but got " + arguments.length + " arguments");
        }
        Map<String, String> properties = System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("drill."))
                .collect(Collectors.toMap(name -> name, System::getProperty));
        new Preparation(
                        Path.of(arguments[0]),
                        properties,
                        DrillCatalogue.installed(),
                        new SecureRandom(),
                        line -> System.out.println("etcd-drill: " + line),
                        Preparation.Entry.MAVEN)
                .prepare(Path.of(arguments[1]), ProcessHandle.current());
    }
}
