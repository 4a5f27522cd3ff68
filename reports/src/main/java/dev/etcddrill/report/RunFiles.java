package dev.etcddrill.report;

import dev.etcddrill.report.markup.Wording;
import dev.etcddrill.report.section.ReportContent.RunFile;
import dev.etcddrill.run.Checksum;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Lists the files of a run directory with their hashes. */
final class RunFiles {
    /** Larger files are listed without a hash: at a few hundred megabytes a second they would hold the report up. */
    private static final long LARGEST_HASHED = 64L << 20;

    /** All hashes together may take about a second. */
    private static final long MOST_HASHED = 256L << 20;

    private RunFiles() {}

    private record Found(Path file, String path, long bytes) {}

    /**
     * All files in order of their paths; links are not followed.
     *
     * @param without a file that is left out: the report cannot hold its own hash
     */
    static List<RunFile> list(Path directory, Path without) throws IOException {
        List<Found> found = find(directory, without);
        List<RunFile> files = new ArrayList<>();
        long hashed = 0;
        for (Found file : found) {
            String remark = "";
            Optional<String> sha256 = Optional.empty();
            if (file.bytes() > LARGEST_HASHED) {
                remark = "not computed: larger than " + Wording.bytes(LARGEST_HASHED);
            } else if (hashed + file.bytes() > MOST_HASHED) {
                remark = "not computed: " + Wording.bytes(MOST_HASHED) + " of other files were";
            } else {
                hashed += file.bytes();
                try {
                    sha256 = Optional.of(Checksum.sha256(file.file()));
                } catch (IOException e) {
                    remark = "not computed: cannot be read: " + e;
                }
            }
            files.add(new RunFile(file.path(), file.bytes(), sha256, remark));
        }
        return files;
    }

    private static List<Found> find(Path directory, Path without) throws IOException {
        List<Found> found = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !file.equals(without)) {
                    String path = directory.relativize(file).toString().replace('\\', '/');
                    found.add(new Found(file, path, attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                // Gone since it was listed, or a directory of somebody else: the report comes out without it.
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(Comparator.comparing(Found::path));
        return found;
    }
}
