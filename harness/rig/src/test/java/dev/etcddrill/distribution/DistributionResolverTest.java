package dev.etcddrill.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.etcddrill.recipe.EtcdVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionResolverTest {
    private static final EtcdVersion VERSION = EtcdVersion.parse("3.6.16");

    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();

    @Test
    void takesWhatIsGiven() throws IOException {
        programs(directory.resolve("given"), "3.6.16");

        Distribution found =
                resolver(Optional.of(directory.resolve("given")), List.of()).resolve(VERSION);

        assertThat(found.etcd()).isEqualTo(directory.resolve("given/etcd"));
        assertThat(found.origin()).contains("given");
    }

    @Test
    void refusesAGivenDirectoryOfAnotherVersionAndSaysWhatItIs() throws IOException {
        programs(directory.resolve("given"), "3.5.9");

        assertThatThrownBy(() -> resolver(Optional.of(directory.resolve("given")), List.of())
                        .resolve(VERSION))
                .isInstanceOf(DistributionUnavailableException.class)
                .hasMessageContaining("3.6.16")
                .hasMessageContaining("is version 3.5.9");
    }

    @Test
    void refusesAGivenDirectoryThatLacksAProgram() throws IOException {
        programs(directory.resolve("given"), "3.6.16");
        Files.delete(directory.resolve("given/etcdutl"));

        assertThatThrownBy(() -> resolver(Optional.of(directory.resolve("given")), List.of())
                        .resolve(VERSION))
                .hasMessageContaining("etcdutl is not an executable file");
    }

    @Test
    void takesTheSearchPathsProgramsOnlyWhereAllAreOfTheVersion() throws IOException {
        programs(directory.resolve("path"), "3.6.16");

        assertThat(resolver(Optional.empty(), List.of(directory.resolve("path")))
                        .resolve(VERSION)
                        .origin())
                .isEqualTo("on PATH");
    }

    @Test
    void tellsAllThatWasTriedWhereNothingGivesTheVersion() throws IOException {
        programs(directory.resolve("path"), "3.6.15");

        assertThatThrownBy(() -> resolver(Optional.empty(), List.of(directory.resolve("path")))
                        .resolve(VERSION))
                .isInstanceOf(DistributionUnavailableException.class)
                .hasMessageContaining("is version 3.6.15")
                .hasMessageContaining("not in the cache")
                .hasMessageContaining("no Go toolchain");
    }

    @Test
    void namesTheNearestVersionThatCanBeHadWhereTheModulesCannotBeFetched() throws IOException {
        program(directory.resolve("path/go"), """
                case "$1 $2" in
                "get "*) echo "go.etcd.io/etcd/server/v3@v3.6.16: unknown revision"; exit 1 ;;
                "list -m") echo "go.etcd.io/etcd/server/v3 v3.5.30 v3.6.12 v3.6.13 v3.6.15 v3.6.17" ;;
                "mod download") case "$3" in *v3.6.13) exit 0 ;; *) exit 1 ;; esac ;;
                esac
                """);

        assertThatThrownBy(() -> resolver(Optional.empty(), List.of(directory.resolve("path")))
                        .resolve(VERSION))
                .hasMessageContaining("unknown revision")
                .hasMessageContaining("nearest version that can be had is 3.6.13");
    }

    @Test
    void keepsWhatWasBuiltAndBuildsAgainWhereTheCopyIsDamaged() throws IOException {
        programs(directory.resolve("built"), "3.6.16");
        program(directory.resolve("path/go"), """
                if [ "$1" = build ]; then
                  while [ "$1" != -o ]; do shift; done
                  case "$2" in */etcd) echo built >> %1$s/builds ;; esac
                  cp -p %1$s/built/$(basename "$2") "$2"
                fi
                """.formatted(directory));
        DistributionResolver resolver = resolver(Optional.empty(), List.of(directory.resolve("path")));

        Distribution first = resolver.resolve(VERSION);
        Distribution second = resolver.resolve(VERSION);
        Files.writeString(second.etcdctl(), "damaged");
        Distribution third = resolver.resolve(VERSION);

        assertThat(first.origin()).contains("built now");
        assertThat(second.origin()).contains("cache");
        assertThat(third.origin()).contains("built now");
        assertThat(Files.readAllLines(directory.resolve("builds"))).hasSize(2);
        assertThat(progress).anyMatch(line -> line.contains("does not have the checksums"));
    }

    private DistributionResolver resolver(Optional<Path> given, List<Path> searchPath) {
        return new DistributionResolver(
                given, searchPath, directory.resolve("cache"), Optional.empty(), Optional.empty(), progress::add);
    }

    private static void programs(Path target, String version) throws IOException {
        program(target.resolve("etcd"), "echo 'etcd Version: " + version + "'");
        program(target.resolve("etcdctl"), "echo 'etcdctl version: " + version + "'");
        program(target.resolve("etcdutl"), "echo 'etcdutl version: " + version + "'");
    }

    private static void program(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
