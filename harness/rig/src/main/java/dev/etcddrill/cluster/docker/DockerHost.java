package dev.etcddrill.cluster.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.api.model.VolumesFrom;
import com.github.dockerjava.api.model.WaitResponse;
import dev.etcddrill.client.MemberClient;
import dev.etcddrill.client.MemberEndpoint;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.DatagramProbe;
import dev.etcddrill.cluster.HostNetwork;
import dev.etcddrill.cluster.MemberHost;
import dev.etcddrill.cluster.MemberProcess;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.deployment.DeploymentDirectory;
import dev.etcddrill.deployment.DeploymentFile;
import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.MemberRecipe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * One member in two containers. The owner holds the address, the published ports, the rules and the files, and scripts run
 * in it; etcd runs in the other, which shares the owner's network and files. etcd can be killed and started, and all that
 * the owner holds stays.
 */
final class DockerHost implements MemberHost {
    /** User and group of the service inside, as the image has them. */
    private static final int SERVICE_ID = 2379;

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

    private final Place place;
    private final String owner;
    private final String etcd;
    private final MemberEndpoint endpoint;
    private final Optional<DockerHostNetwork> network;

    private DockerHost(
            Place place, String owner, String etcd, MemberEndpoint endpoint, Optional<DockerHostNetwork> network) {
        this.place = place;
        this.owner = owner;
        this.etcd = etcd;
        this.endpoint = endpoint;
        this.network = network;
    }

    /**
     * Makes a host.
     *
     * @throws ClusterException where it cannot be made; what was made is removed
     */
    static DockerHost create(Place place) {
        List<String> made = new ArrayList<>();
        try {
            boolean links = place.capabilities().contains(dev.etcddrill.cluster.Capability.LINK_FAULTS);
            Set<ExposedPort> ports = new LinkedHashSet<>(
                    Set.of(ExposedPort.tcp(MemberClient.CLIENT_PORT), ExposedPort.udp(DatagramProbe.PORT)));
            if (links) {
                ports.addAll(DockerHostNetwork.proxyPorts(place));
            }
            String owner = place.docker()
                    .client()
                    .createContainerCmd(place.hostImage())
                    .withName(place.ownerOf(place.member().name()))
                    .withHostName(place.member().name())
                    .withEntrypoint("sleep", "infinity")
                    .withIpv4Address(place.member().address().toString())
                    .withExposedPorts(List.copyOf(ports))
                    .withVolumes(place.volumes())
                    .withLabels(place.labels().asMap())
                    .withHostConfig(HostConfig.newHostConfig()
                            .withNetworkMode(place.network())
                            .withCapAdd(Capability.NET_ADMIN)
                            .withPortBindings(ports.stream()
                                    .map(port -> new PortBinding(
                                            Ports.Binding.bindIp(place.docker().publishingAddress()), port))
                                    .toList()))
                    .exec()
                    .getId();
            made.add(owner);
            place.docker().client().startContainerCmd(owner).exec();
            install(place, owner);
            String etcd = place.docker()
                    .client()
                    .createContainerCmd(place.etcdImage())
                    .withName(place.name(place.member().name(), "etcd"))
                    .withEntrypoint("etcd", "--config-file=/etc/etcd/etcd.conf.yml")
                    .withCmd()
                    .withUser(SERVICE_ID + ":" + SERVICE_ID)
                    .withLabels(place.labels().asMap())
                    .withHostConfig(HostConfig.newHostConfig()
                            .withNetworkMode("container:" + owner)
                            .withVolumesFrom(new VolumesFrom(owner)))
                    .exec()
                    .getId();
            made.add(0, etcd);
            Ports published = place.docker()
                    .client()
                    .inspectContainerCmd(owner)
                    .exec()
                    .getNetworkSettings()
                    .getPorts();
            Optional<DockerHostNetwork> network = place.capabilities().isEmpty()
                    ? Optional.empty()
                    : Optional.of(DockerHostNetwork.start(place, owner, published, links));
            // Connections are opened often; where they go is the same as long as the owner lives.
            int clientPort = network.flatMap(DockerHostNetwork::clientProxyPort)
                    .orElseGet(() -> DockerHostNetwork.published(published, ExposedPort.tcp(MemberClient.CLIENT_PORT)));
            MemberEndpoint endpoint = new MemberEndpoint(
                    place.docker().host(), clientPort, place.member().address().toString());
            return new DockerHost(place, owner, etcd, endpoint, network);
        } catch (IOException | DockerException | ClusterException e) {
            remove(place, made);
            throw new ClusterException(
                    "the containers of member " + place.member().name() + " cannot be made: " + e.getMessage(), e);
        }
    }

    private static void install(Place place, String owner) throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(archive)) {
            for (DeploymentDirectory directory : place.deployment().directories()) {
                if (directory.host().equals(place.member().name())) {
                    TarArchiveEntry entry = new TarArchiveEntry(directory.path().substring(1) + "/");
                    own(entry, directory.owner(), directory.group(), directory.mode());
                    tar.putArchiveEntry(entry);
                    tar.closeArchiveEntry();
                }
            }
            for (DeploymentFile file : place.deployment().files()) {
                if (file.host().equals(place.member().name())) {
                    byte[] content = file.content().toByteArray();
                    TarArchiveEntry entry = new TarArchiveEntry(file.path().substring(1));
                    own(entry, file.owner(), file.group(), file.mode());
                    entry.setSize(content.length);
                    tar.putArchiveEntry(entry);
                    tar.write(content);
                    tar.closeArchiveEntry();
                }
            }
        }
        copyIn(place, owner, archive.toByteArray());
    }

    private static TarArchiveOutputStream tar(OutputStream target) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(target, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    private static void copyIn(Place place, String owner, byte[] archive) {
        place.docker()
                .client()
                .copyArchiveToContainerCmd(owner)
                .withTarInputStream(new ByteArrayInputStream(archive))
                .withRemotePath("/")
                .exec();
    }

    private static void own(TarArchiveEntry entry, String owner, String group, int mode) {
        entry.setUserId(id(owner));
        entry.setGroupId(id(group));
        entry.setMode(mode);
    }

    private static int id(String name) {
        return switch (name) {
            case "root" -> 0;
            case "etcd" -> SERVICE_ID;
            default ->
                throw new ClusterException("a deployment's files belong to root or etcd, but one belongs to " + name);
        };
    }

    @Override
    public String member() {
        return place.member().name();
    }

    @Override
    public MemberEndpoint clientEndpoint() {
        return endpoint;
    }

    @Override
    public MemberProcess startEtcd(Path log) throws IOException {
        OutputStream output = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        CompletableFuture<Void> attached = new CompletableFuture<>();
        // Attached before it starts: nothing that it says is missed, and nothing from before is told again.
        place.docker()
                .client()
                .attachContainerCmd(etcd)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onStart(java.io.Closeable stream) {
                        super.onStart(stream);
                        attached.complete(null);
                    }

                    @Override
                    public void onNext(Frame frame) {
                        try {
                            output.write(frame.getPayload());
                            output.flush();
                        } catch (IOException e) {
                            onError(e);
                        }
                    }

                    @Override
                    public void close() throws IOException {
                        output.close();
                        super.close();
                    }
                });
        try {
            attached.get(COMMAND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            place.docker().client().startContainerCmd(etcd).exec();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while starting etcd on " + member(), e);
        } catch (ExecutionException | TimeoutException | DockerException e) {
            throw new IOException("the container of etcd cannot be started: " + e.getMessage(), e);
        }
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        place.docker().client().waitContainerCmd(etcd).exec(new WaitContainerResultCallback() {
            @Override
            public void onNext(WaitResponse response) {
                exit.complete(response.getStatusCode());
            }
        });
        return new EtcdContainer(place.docker(), etcd, exit);
    }

    @Override
    public CommandOutput run(Duration timeout, List<String> command) {
        // Both outputs through one pipe: over two, the daemon may tell a warning later than what was said after it.
        List<String> merged = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" \"$@\" 2>&1"));
        merged.addAll(command);
        return place.docker().run(owner, timeout, merged);
    }

    @Override
    public boolean hasFile(String path) {
        return run(COMMAND_TIMEOUT, List.of("test", "-e", path)).exitCode() == 0;
    }

    @Override
    public byte[] readFile(String path) throws IOException {
        try (InputStream archive = place.docker()
                        .client()
                        .copyArchiveFromContainerCmd(owner, path)
                        .exec();
                TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            if (tar.getNextEntry() == null) {
                throw new NoSuchFileException(path);
            }
            return tar.readAllBytes();
        } catch (NotFoundException e) {
            throw new NoSuchFileException(path);
        }
    }

    @Override
    public void writeFile(String path, byte[] content) throws IOException {
        place.docker()
                .require(owner, COMMAND_TIMEOUT, List.of("mkdir", "-p", path.substring(0, path.lastIndexOf('/') + 1)));
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(archive)) {
            TarArchiveEntry entry = new TarArchiveEntry(path.substring(1));
            entry.setMode(0644);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        copyIn(place, owner, archive.toByteArray());
    }

    @Override
    public void emptyDirectory(String path) {
        place.docker().require(owner, COMMAND_TIMEOUT, List.of("find", path, "-mindepth", "1", "-delete"));
    }

    @Override
    public HostNetwork network() {
        return network.orElseThrow(() -> new UnsupportedOperationException(
                "member " + member() + " lives on a host that was made without a network that can be hurt"));
    }

    @Override
    public void writeOutDisk() {
        throw new UnsupportedOperationException("containers have no disk that can lose what was not synced");
    }

    @Override
    public void loseUnsyncedData() {
        throw new UnsupportedOperationException("containers have no disk that can lose what was not synced");
    }

    @Override
    public void close() {
        remove(place, List.of(etcd, owner));
    }

    private static void remove(Place place, List<String> containers) {
        containers.forEach(
                container -> DockerConnection.removeContainer(place.docker().client(), container));
    }

    /** etcd's process: its container, from one start to the next. */
    private record EtcdContainer(DockerConnection docker, String container, CompletableFuture<Integer> exit)
            implements MemberProcess {
        @Override
        public boolean alive() {
            return !exit.isDone();
        }

        @Override
        public boolean halted() {
            try {
                String[][] processes = docker.client()
                        .topContainerCmd(container)
                        .withPsArgs("-o pid,stat")
                        .exec()
                        .getProcesses();
                return processes != null
                        && processes.length > 0
                        && Arrays.stream(processes).allMatch(process -> process[1].startsWith("T"));
            } catch (NotFoundException | ConflictException e) {
                return false;
            } catch (DockerException e) {
                throw new ClusterException("whether the container halts cannot be asked: " + e.getMessage(), e);
            }
        }

        @Override
        public OptionalInt exitCode() {
            return exit.isDone() ? OptionalInt.of(exit.join()) : OptionalInt.empty();
        }

        @Override
        public boolean awaitExit(Duration patience) throws InterruptedException {
            try {
                exit.get(patience.toNanos(), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new ClusterException("how the container ended is not known", e);
            }
        }

        @Override
        public void send(Signal signal) {
            try {
                docker.client()
                        .killContainerCmd(container)
                        .withSignal("SIG" + signal)
                        .exec();
            } catch (NotFoundException | ConflictException e) {
                // It has ended.
            } catch (DockerException e) {
                if (alive()) {
                    throw new ClusterException("SIG" + signal + " could not be sent: " + e.getMessage(), e);
                }
            }
        }
    }

    /**
     * Where and from what a host is made.
     *
     * @param network id of the network with the recipe's subnet
     * @param gateway address on it that this machine's clients come from
     * @param hostImage image of the owner
     * @param etcdImage image that etcd runs from
     */
    record Place(
            DockerConnection docker,
            DockerLabels labels,
            ClusterRecipe recipe,
            MemberRecipe member,
            String incarnation,
            String network,
            String gateway,
            String hostImage,
            String etcdImage,
            Set<dev.etcddrill.cluster.Capability> capabilities,
            Deployment deployment) {
        private String name(String ofMember, String part) {
            return "etcd-drill-" + labels.run() + "-" + incarnation + "-" + ofMember + "-" + part;
        }

        /** Name of the owner container of a member of the same cluster. */
        String ownerOf(String ofMember) {
            return name(ofMember, "host");
        }

        /** What etcd's container must see: its configuration, and whatever directories its state and backups are in. */
        private List<Volume> volumes() {
            Set<String> paths = new LinkedHashSet<>(List.of("/etc/etcd", "/var"));
            for (String path :
                    List.of(recipe.etcd().dataDirectory(), recipe.etcd().walDirectory())) {
                paths.add("/" + path.split("/", -1)[1]);
            }
            return paths.stream().map(Volume::new).toList();
        }

        /** Address of every other member of the cluster, by name, in the recipe's order. */
        Map<String, String> peers() {
            Map<String, String> peers = new java.util.LinkedHashMap<>();
            recipe.members().stream()
                    .filter(other -> !other.name().equals(member.name()))
                    .forEach(other -> peers.put(other.name(), other.address().toString()));
            return peers;
        }
    }
}
