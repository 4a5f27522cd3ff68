package dev.etcddrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.report.section.ReportContent.RunFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFilesTest {
    @TempDir
    Path directory;

    @Test
    void listsFilesByPathWithTheirHashesAndWithoutTheReport() throws IOException {
        Files.createDirectories(directory.resolve("drills"));
        Files.writeString(directory.resolve("run.json"), "abc");
        Files.writeString(directory.resolve("drills/plan.yaml"), "");
        Files.writeString(directory.resolve("report.html"), "old");

        List<RunFile> files = RunFiles.list(directory, directory.resolve("report.html"));

        assertThat(files).extracting(RunFile::path).containsExactly("drills/plan.yaml", "run.json");
        // FIPS 180-2, appendix B.1.
        assertThat(files.get(1).sha256()).contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(files.get(1).bytes()).isEqualTo(3);
    }

    @Test
    void listsAHugeFileWithoutAHashAndSaysWhy() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("disk.img").toFile(), "rw")) {
            file.setLength(65L << 20);
        }

        List<RunFile> files = RunFiles.list(directory, directory.resolve("report.html"));

        assertThat(files).singleElement().satisfies(file -> {
            assertThat(file.sha256()).isEmpty();
            assertThat(file.remark()).isEqualTo("not computed: larger than 67 MB");
        });
    }

    @Test
    void followsNoLinkOutOfTheDirectory(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("key.pem"), "secret");
        Files.createSymbolicLink(directory.resolve("link"), elsewhere);
        Files.createSymbolicLink(directory.resolve("key.pem"), elsewhere.resolve("key.pem"));

        assertThat(RunFiles.list(directory, directory.resolve("report.html"))).isEmpty();
    }
}
