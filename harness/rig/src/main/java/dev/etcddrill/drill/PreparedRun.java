package dev.etcddrill.drill;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.recipe.EtcdVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that was decided and found before the sandbox is entered, handed to the JVM inside as a file.
 *
 * @param seed root of everything random in the run
 * @param recipes files, absolute
 * @param drills ids of the chosen drills
 * @param tries how often each class of a drill is tried
 * @param runtime such as {@code sandbox}
 * @param runtimeReason why this one
 * @param runs directory that run directories are made in
 * @param work directory on a real disk for members' files, for this run alone
 * @param programs where each version's programs are
 * @param toxiproxy the program {@code toxiproxy-server}; empty where no drill of the run needs it
 * @param etcdImage image whose etcd runs, with Docker; empty where none was given
 * @param plan file of the fault plan that the drill {@code plan} runs, absolute; empty where there is none
 * @param command that runs it again
 */
public record PreparedRun(
        long seed,
        List<Path> recipes,
        Set<String> drills,
        int tries,
        String runtime,
        String runtimeReason,
        Path runs,
        Path work,
        List<Programs> programs,
        Optional<Path> toxiproxy,
        Optional<String> etcdImage,
        Optional<Path> plan,
        String command) {
    /** System property that names the file. */
    public static final String PROPERTY = "drill.prepared";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    public PreparedRun {
        recipes = List.copyOf(recipes);
        drills = Set.copyOf(drills);
        programs = List.copyOf(programs);
        requireNonNull(toxiproxy, "toxiproxy");
        requireNonNull(etcdImage, "etcdImage");
        requireNonNull(plan, "plan");
    }

    /** Where the programs of one etcd version are; {@link Distribution} as JSON. */
    public record Programs(String version, Path etcd, Path etcdctl, Path etcdutl, String origin) {
        static Programs of(Distribution distribution) {
            return new Programs(
                    distribution.version().toString(),
                    distribution.etcd(),
                    distribution.etcdctl(),
                    distribution.etcdutl(),
                    distribution.origin());
        }

        Distribution distribution() {
            return new Distribution(EtcdVersion.parse(version), etcd, etcdctl, etcdutl, origin);
        }
    }

    /** The programs of a version. */
    public Distribution distribution(EtcdVersion version) {
        return programs.stream()
                .filter(candidate -> candidate.version().equals(version.toString()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "etcd " + version + " was not prepared; inside the sandbox there is no network to get it over"))
                .distribution();
    }

    /** Writes it. */
    public void write(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            MAPPER.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("what was prepared cannot be written to " + file, e);
        }
    }

    /** Reads it. */
    public static PreparedRun read(Path file) {
        try {
            return MAPPER.readValue(file.toFile(), PreparedRun.class);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "what was prepared cannot be read from " + file + "; run the preparation again", e);
        }
    }
}
