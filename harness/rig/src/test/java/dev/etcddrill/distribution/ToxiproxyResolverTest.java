package dev.etcddrill.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToxiproxyResolverTest {
    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();

    private Path program(String name, String script) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private ToxiproxyResolver resolver() {
        SearchPath searchPath = new SearchPath(List.of(directory.resolve("bin")));
        ProgramCache cache = new ProgramCache(directory.resolve("cache"), progress::add);
        return new ToxiproxyResolver(
                searchPath,
                cache,
                new GoToolchain(searchPath, cache, Optional.empty(), GoToolchain.Release.PINNED, progress::add),
                progress::add);
    }

    @Test
    void takesOneOfTheRightVersionFromThePath() throws IOException {
        Path installed = program("toxiproxy-server", "echo toxiproxy-server version " + ToxiproxyResolver.VERSION);

        assertThat(resolver().resolve()).isEqualTo(new ToxiproxyResolver.Program(installed, "on PATH"));
    }

    @Test
    void saysWhatWasTriedWhereItCannotBeHad() throws IOException {
        program("toxiproxy-server", "echo toxiproxy-server version 1.0.0");

        assertThatThrownBy(() -> resolver().resolve())
                .isInstanceOf(DistributionUnavailableException.class)
                .hasMessageContaining("is not version " + ToxiproxyResolver.VERSION)
                .hasMessageContaining("not in the cache")
                .hasMessageContaining("no Go toolchain on PATH");
    }

    @Test
    void buildsItOnceAndTakesItFromTheCacheThen() throws IOException {
        // The toolchain is a stand-in: what it "builds" says the version, as the real one's does.
        program(
                "go",
                "[ \"$1\" = get ] && exit 0; while [ \"$1\" != -o ]; do shift; done; printf '#!/bin/sh\\necho version "
                        + ToxiproxyResolver.VERSION + "' > $2; chmod +x $2");

        assertThat(resolver().resolve().origin()).isEqualTo("in the cache, built from Go modules");
        Files.delete(directory.resolve("bin/go"));
        ToxiproxyResolver.Program again = resolver().resolve();

        assertThat(again.origin()).isEqualTo("in the cache, built from Go modules");
        Files.writeString(again.path(), "something else");
        assertThatThrownBy(() -> resolver().resolve()).hasMessageContaining("the copy in the cache is damaged");
        assertThat(progress).anyMatch(line -> line.contains("does not have the checksums that it was stored with"));
    }
}
