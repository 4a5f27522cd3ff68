package dev.etcddrill.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A program that stands for {@code java} and ends its JVM when the owner of the run ends; for runtimes without a sandbox. */
public final class OwnedJava {
    private static final String TEMPLATE = "owned-java.sh";

    private OwnedJava() {}

    /** Writes {@code directory/bin/java}; see {@link RuntimeKind#writeJava}. */
    public static void write(Path directory, ProcessHandle owner, Path java) {
        try (InputStream template = OwnedJava.class.getResourceAsStream(TEMPLATE)) {
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@OWNER@", Long.toString(owner.pid()))
                    .replace("@JAVA@", "'" + java.toString().replace("'", "'\\''") + "'");
            Path program = directory.resolve("bin").resolve("java");
            Files.createDirectories(program.getParent());
            Files.writeString(program, text);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException("the program that starts the drills cannot be written into " + directory, e);
        }
    }
}
