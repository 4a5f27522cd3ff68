package dev.etcddrill.distribution;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.run.Checksum;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Programs that were fetched or built, one directory for each name and version, with the SHA-256 of each program and a
 * word on how it came. The checksums are compared on every use.
 */
final class ProgramCache {
    private static final String CHECKSUMS = "SHA256SUMS";
    private static final String ORIGIN = "ORIGIN";

    private final Path root;
    private final Consumer<String> progress;

    /**
     * @param root directory, made when something is stored
     * @param progress is told when what was stored is damaged
     */
    ProgramCache(Path root, Consumer<String> progress) {
        this.root = requireNonNull(root, "root");
        this.progress = requireNonNull(progress, "progress");
    }

    /** The user's cache directory (XDG Base Directory Specification). */
    static Path ofThisUser() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("etcd-drill");
    }

    Path root() {
        return root;
    }

    private Path directory(String name, String version) {
        return root.resolve(name).resolve(version + "-" + System.getProperty("os.arch"));
    }

    /**
     * What is stored.
     *
     * @param tried gets a few words where there is nothing, or it is damaged
     */
    Optional<Stored> find(String name, String version, List<String> programs, List<String> tried) {
        Path directory = directory(name, version);
        if (!Files.isDirectory(directory)) {
            tried.add("not in the cache " + root);
            return Optional.empty();
        }
        try {
            if (Files.readAllLines(directory.resolve(CHECKSUMS)).equals(checksums(directory, programs))) {
                Path origin = directory.resolve(ORIGIN);
                return Optional.of(new Stored(
                        directory,
                        Files.exists(origin) ? Files.readString(origin).strip() : "built from Go modules"));
            }
            progress.accept(directory + " does not have the checksums that it was stored with: fetching it again");
        } catch (IOException e) {
            progress.accept(directory + " cannot be read (" + e.getMessage() + "): fetching it again");
        }
        tried.add("the copy in the cache is damaged");
        return Optional.empty();
    }

    /**
     * Makes and stores programs, unless another process did meanwhile: two at once would only be slow.
     *
     * @param maker puts the programs into the directory that it is given and says how they came; it may use the
     *     directory above for its work
     * @throws IOException where they cannot be stored
     */
    Stored store(String name, String version, List<String> programs, Maker maker) throws IOException {
        Path directory = directory(name, version);
        Files.createDirectories(directory.getParent());
        try (FileChannel channel = FileChannel.open(
                        directory.resolveSibling(directory.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Optional<Stored> meanwhile = find(name, version, programs, new ArrayList<>());
            if (meanwhile.isPresent() && lock.isValid()) {
                return meanwhile.get();
            }
            Path work = Files.createTempDirectory(directory.getParent(), "making-");
            try {
                Path target = Files.createDirectories(work.resolve("programs"));
                String origin = maker.make(target);
                Files.write(target.resolve(CHECKSUMS), checksums(target, programs));
                Files.writeString(target.resolve(ORIGIN), origin + "\n");
                replace(target, directory);
                return new Stored(directory, origin);
            } finally {
                FileTree.delete(work);
            }
        }
    }

    private static void replace(Path source, Path target) throws IOException {
        if (Files.exists(target)) {
            FileTree.delete(target);
        }
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException e) {
            Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<String> checksums(Path directory, List<String> programs) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String program : programs) {
            lines.add(Checksum.sha256(directory.resolve(program)) + "  " + program);
        }
        return lines;
    }

    /**
     * Programs in the cache.
     *
     * @param origin how they came
     */
    record Stored(Path directory, String origin) {}

    /** Fetches or builds programs. */
    @FunctionalInterface
    interface Maker {
        /**
         * Puts the programs into a directory.
         *
         * @return how they came, in a few words
         */
        String make(Path target) throws IOException;
    }
}
