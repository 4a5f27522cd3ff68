package dev.etcddrill.cluster.docker;

import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.deployment.FileContent;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.run.Checksum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The images that members' containers are made from. */
final class DockerImages {
    /** What hosts are built from; it needs only what any Debian has. */
    static final String BASE = "debian:12-slim";

    private static final String DOCKERFILE = """
            FROM %s
            RUN command -v iptables >/dev/null || (apt-get update && apt-get install -y --no-install-recommends iptables \\
                && rm -rf /var/lib/apt/lists/*)
            RUN groupadd -g 2379 etcd && useradd -u 2379 -g 2379 -M -d /nonexistent -s /usr/sbin/nologin etcd \\
                && useradd -u 8474 -M -d /nonexistent -s /usr/sbin/nologin toxiproxy
            COPY programs/ /usr/local/bin/
            """;

    private static final int MINUTES_TO_BUILD = 10;
    private static final int SECONDS_TO_TELL_THE_VERSION = 60;

    private final DockerConnection docker;
    private final Set<String> verified = new java.util.concurrent.ConcurrentSkipListSet<>();

    DockerImages(DockerConnection docker) {
        this.docker = docker;
    }

    /**
     * The image of a host: a small Debian with the programs of one etcd version and, where there is one, Toxiproxy. Built
     * where it is not there yet; it stays, as Docker's images do.
     *
     * @throws ClusterException where it cannot be built
     */
    synchronized String host(Distribution distribution, Optional<Path> toxiproxy) {
        Map<String, Path> programs = new LinkedHashMap<>();
        programs.put("etcd", distribution.etcd());
        programs.put("etcdctl", distribution.etcdctl());
        programs.put("etcdutl", distribution.etcdutl());
        toxiproxy.ifPresent(program -> programs.put("toxiproxy-server", program));
        String dockerfile = DOCKERFILE.formatted(BASE);
        try {
            StringBuilder identity = new StringBuilder(dockerfile);
            for (Path program : programs.values()) {
                identity.append(Checksum.sha256(program));
            }
            String tag = "etcd-drill-host:" + distribution.version() + "-"
                    + FileContent.ofText(identity.toString()).sha256().substring(0, 12);
            if (!there(tag)) {
                build(tag, dockerfile, programs);
            }
            return tag;
        } catch (IOException e) {
            throw new UncheckedIOException("the programs for an image cannot be read", e);
        }
    }

    private boolean there(String tag) {
        try {
            docker.client().inspectImageCmd(tag).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private void build(String tag, String dockerfile, Map<String, Path> programs) throws IOException {
        Path context = Files.createTempFile("etcd-drill-", ".tar");
        try {
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(context))) {
                byte[] text = dockerfile.getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry("Dockerfile");
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
                for (Map.Entry<String, Path> program : programs.entrySet()) {
                    TarArchiveEntry file = new TarArchiveEntry("programs/" + program.getKey());
                    file.setSize(Files.size(program.getValue()));
                    file.setMode(0755);
                    tar.putArchiveEntry(file);
                    Files.copy(program.getValue(), tar);
                    tar.closeArchiveEntry();
                }
            }
            try (InputStream input = Files.newInputStream(context)) {
                docker.client()
                        .buildImageCmd(input)
                        .withTags(Set.of(tag))
                        .exec(new BuildImageResultCallback())
                        .awaitImageId(MINUTES_TO_BUILD, TimeUnit.MINUTES);
            }
        } catch (DockerException e) {
            throw new ClusterException(
                    "the image " + tag + " cannot be built from " + BASE + ": " + e.getMessage()
                            + ". Where no registry can" + " be reached, make " + BASE
                            + " by hand (docs/runtimes.md, \"Docker\")",
                    e);
        } finally {
            Files.deleteIfExists(context);
        }
    }

    /**
     * Holds a site's own image against the version that the recipe asks for.
     *
     * @throws ClusterException where it is not there, has no etcd, or another version of it
     */
    void requireEtcd(String image, String version, Map<String, String> labels) {
        if (verified.contains(image + " " + version)) {
            return;
        }
        String container;
        try {
            container = docker.client()
                    .createContainerCmd(image)
                    .withEntrypoint("etcd")
                    .withCmd("--version")
                    .withLabels(labels)
                    .exec()
                    .getId();
        } catch (NotFoundException e) {
            throw new ClusterException(
                    "drill.etcd.image names " + image
                            + ", which the Docker daemon does not have; pull or build it first",
                    e);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            docker.client().startContainerCmd(container).exec();
            docker.client()
                    .waitContainerCmd(container)
                    .exec(new WaitContainerResultCallback())
                    .awaitStatusCode(SECONDS_TO_TELL_THE_VERSION, TimeUnit.SECONDS);
            docker.client()
                    .logContainerCmd(container)
                    .withStdOut(true)
                    .withStdErr(true)
                    .exec(new com.github.dockerjava.api.async.ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            text.writeBytes(frame.getPayload());
                        }
                    })
                    .awaitCompletion();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while asking the image " + image + " for its version", e);
        } catch (DockerException e) {
            throw new ClusterException("the image " + image + " has no etcd that can be run: " + e.getMessage(), e);
        } finally {
            DockerConnection.removeContainer(docker.client(), container);
        }
        String seen = text.toString(StandardCharsets.UTF_8);
        if (!seen.contains("etcd Version: " + version)) {
            throw new ClusterException("The recipe asks for etcd " + version + ", but the image " + image + " says: "
                    + seen.lines().findFirst().orElse("nothing"));
        }
        verified.add(image + " " + version);
    }
}
