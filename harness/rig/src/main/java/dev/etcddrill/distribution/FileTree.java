package dev.etcddrill.distribution;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Removes directory trees. */
public final class FileTree {
    private FileTree() {}

    /** Removes a directory with all that is in it, following no links; does nothing where it is absent. */
    public static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            delete(root, true);
        }
    }

    /** As {@link #delete}, but leaves the directory itself, empty. */
    public static void deleteContent(Path root) throws IOException {
        delete(root, false);
    }

    private static void delete(Path root, boolean itself) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (itself || !directory.equals(root)) {
                    Files.delete(directory);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
