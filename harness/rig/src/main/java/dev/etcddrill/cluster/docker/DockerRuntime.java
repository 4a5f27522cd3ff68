package dev.etcddrill.cluster.docker;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network;
import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterException;
import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.MemberHost;
import dev.etcddrill.deployment.Deployment;
import dev.etcddrill.distribution.Distribution;
import dev.etcddrill.distribution.FileTree;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.IpAddress;
import dev.etcddrill.recipe.MemberRecipe;
import dev.etcddrill.recipe.Subnet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Members in containers on a Docker daemon, which may be elsewhere: nothing is mounted from this machine. A network has
 * the recipe's subnet; each member is an owner container, which holds its address, files and rules, and a container for
 * etcd that shares both. This JVM's clients go through ports that the daemon publishes.
 */
public final class DockerRuntime implements ClusterRuntime {
    private static final Duration SUBNET_PATIENCE = Duration.ofMinutes(30);
    private static final Duration SUBNET_PAUSE = Duration.ofSeconds(1);

    private static final int MOST_REFUSALS = 3;

    /** Of this process: two may begin in the same millisecond. */
    private static final AtomicInteger RUNTIMES = new AtomicInteger();

    private final DockerConnection docker;
    private final DockerImages images;
    private final DockerLeftovers leftovers;
    private final DockerLabels labels;
    private final DockerGuard guard;
    private final Path work;
    private final Optional<Path> toxiproxy;
    private final Optional<String> etcdImage;
    private final Consumer<String> progress;

    /** The networks that this run made, by subnet; they stay until it ends, or waits for another one. */
    private final Map<Subnet, DockerNetwork> networks = new HashMap<>();

    private DockerRuntime(
            DockerConnection docker,
            DockerLabels labels,
            DockerGuard guard,
            Path work,
            Optional<Path> toxiproxy,
            Optional<String> etcdImage,
            Consumer<String> progress) {
        this.docker = docker;
        this.images = new DockerImages(docker);
        this.leftovers = new DockerLeftovers(docker);
        this.labels = labels;
        this.guard = guard;
        this.work = work;
        this.toxiproxy = requireNonNull(toxiproxy, "toxiproxy");
        this.etcdImage = requireNonNull(etcdImage, "etcdImage");
        this.progress = requireNonNull(progress, "progress");
    }

    /** Why there is no Docker here, as the end of a sentence; empty where a daemon answers. */
    public static Optional<String> unavailable() {
        try {
            DockerConnection.open().client().pingCmd().exec();
            return Optional.empty();
        } catch (ClusterException e) {
            return Optional.of(e.getMessage());
        } catch (DockerException e) {
            return Optional.of("the Docker daemon does not answer (" + e.getMessage() + ")");
        }
    }

    /** Why members in containers cannot do something, as the end of a sentence about a drill; empty where they can. */
    public static Optional<String> obstacleOf(Capability capability) {
        return switch (capability) {
            case POWER_LOSS ->
                Optional.of(
                        "needs disks that lose unsynced data, which containers do not have: use the sandbox as root");
            case OWN_HOSTS, PARTITIONS, LINK_FAULTS -> Optional.empty();
        };
    }

    /**
     * Connects to the daemon and starts the guard that removes what this run leaves should this JVM vanish.
     *
     * @param work directory for files of this machine; made here, removed by {@link #close()}
     * @param toxiproxy the program {@code toxiproxy-server}; empty where no drill needs link faults
     * @param etcdImage the image whose etcd runs; empty for one that is built from the run's programs
     * @param progress takes a line where something is waited for
     * @throws ClusterException where no daemon answers
     */
    public static DockerRuntime connect(
            Path work, Optional<Path> toxiproxy, Optional<String> etcdImage, Consumer<String> progress) {
        try {
            Files.createDirectories(work);
        } catch (IOException e) {
            throw new UncheckedIOException("the working directory " + work + " cannot be made", e);
        }
        DockerConnection docker = DockerConnection.open();
        DockerLabels labels = DockerLabels.ofThisProcess(ProcessHandle.current().pid() + "-"
                + Long.toString(System.currentTimeMillis(), 36) + "-" + RUNTIMES.incrementAndGet());
        DockerGuard guard = DockerGuard.start(labels, work.resolveSibling("docker-guard.log"));
        return new DockerRuntime(docker, labels, guard, work, toxiproxy, etcdImage, progress);
    }

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public Optional<String> obstacle(Capability capability) {
        if (capability == Capability.LINK_FAULTS && toxiproxy.isEmpty()) {
            return Optional.of("needs the program toxiproxy-server, which was not prepared for this run");
        }
        return obstacleOf(capability);
    }

    @Override
    public List<String> notProven() {
        return List.of(
                "systemd: members were started as the unit starts them, but not by it, and without its restart delay.",
                "Disks and network: members shared the Docker host's disk and memory, and links had no latency but what faults added.",
                etcdImage
                        .map(
                                image -> "Programs: etcd came from the image " + image
                                        + "; scripts ran beside it in a small Debian with etcdctl and etcdutl of the same version.")
                        .orElse("Programs: etcd ran in an image that this run built, not in one of yours"
                                + " (drill.etcd.image)."));
    }

    @Override
    public MemberHost createHost(
            ClusterRecipe recipe,
            MemberRecipe member,
            Deployment deployment,
            Distribution distribution,
            String incarnation,
            Set<Capability> capabilities) {
        requireAll(capabilities);
        guard.requireAlive();
        etcdImage.ifPresent(
                image -> images.requireEtcd(image, recipe.etcd().version().toString(), labels.asMap()));
        String image = images.host(distribution, toxiproxy);
        // Once more: an image takes its time.
        guard.requireAlive();
        DockerNetwork network = networkFor(recipe, image);
        return DockerHost.create(new DockerHost.Place(
                docker,
                labels,
                recipe,
                member,
                incarnation,
                network.id(),
                network.gateway().toString(),
                image,
                etcdImage.orElse(image),
                capabilities,
                deployment));
    }

    private synchronized DockerNetwork networkFor(ClusterRecipe recipe, String image) {
        Subnet subnet = recipe.network().subnet();
        DockerNetwork known = networks.get(subnet);
        if (known == null) {
            // From the end: a cluster beside the first one takes the next addresses from the start.
            known = make(subnet, subnet.lastFreeAddress(recipe.addresses()), image);
            networks.put(subnet, known);
        } else if (recipe.addresses().contains(known.gateway())) {
            throw new ClusterException("the address " + known.gateway() + " of the recipe " + recipe.name()
                    + " is the gateway of this run's network; leave a free address in " + subnet);
        }
        return known;
    }

    private DockerNetwork make(Subnet subnet, IpAddress gateway, String image) {
        long end = System.nanoTime() + SUBNET_PATIENCE.toNanos();
        boolean told = false;
        int refusals = 0;
        while (true) {
            Optional<DockerLabels> holder = holder(subnet);
            if (holder.isEmpty()) {
                HostRoutes.ofThisMachine().refuse("this machine", subnet);
                if (!docker.local()) {
                    HostRoutes.ofTheDaemonsMachine(docker, image, labels.asMap())
                            .refuse("the machine of the Docker daemon, " + docker.host() + ",", subnet);
                }
                try {
                    String id = docker.client()
                            .createNetworkCmd()
                            .withName("etcd-drill-" + labels.run() + "-"
                                    + subnet.toString().replace('/', '-'))
                            .withDriver("bridge")
                            .withIpam(new Network.Ipam()
                                    .withConfig(new Network.Ipam.Config()
                                            .withSubnet(subnet.toString())
                                            .withGateway(gateway.toString())))
                            .withLabels(labels.asMap())
                            .exec()
                            .getId();
                    return new DockerNetwork(id, gateway);
                } catch (DockerException e) {
                    // Who held it then may be gone by now.
                    refusals++;
                    if (refusals >= MOST_REFUSALS && holder(subnet).isEmpty()) {
                        throw new ClusterException(
                                "no network with the subnet " + subnet + " can be made: " + e.getMessage(), e);
                    }
                }
            } else if (!holder.get().ownerAlive()) {
                progress.accept("the subnet " + subnet + " is held by what " + holder.get()
                        + " left, which is gone: removing it");
                leftovers.removeRun(holder.get().run());
                continue;
            } else if (!told) {
                progress.accept("the subnet " + subnet + " is held by " + holder.get() + ": waiting until it is free");
                told = true;
            }
            // Who waits holds nothing that another may wait for.
            releaseIdleNetworks();
            if (System.nanoTime() > end) {
                throw new ClusterException("the subnet " + subnet + " was not free within "
                        + SUBNET_PATIENCE.toMinutes() + " min; it is held by "
                        + holder(subnet).map(DockerLabels::toString).orElse("nobody any more"));
            }
            try {
                TimeUnit.NANOSECONDS.sleep(SUBNET_PAUSE.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while waiting for the subnet " + subnet, e);
            }
        }
    }

    /** Those that no host is in; they are made again when they are needed. */
    private void releaseIdleNetworks() {
        networks.values().removeIf(network -> {
            try {
                docker.client().removeNetworkCmd(network.id()).exec();
                return true;
            } catch (DockerException e) {
                // The daemon keeps what a container is in.
                return false;
            }
        });
    }

    /**
     * The run that has a network on this subnet.
     *
     * @throws ClusterException where a network has it that is not of a run: nobody knows when that ends
     */
    private Optional<DockerLabels> holder(Subnet subnet) {
        for (Network network : leftovers.networks()) {
            for (Network.Ipam.Config config : Optional.ofNullable(network.getIpam())
                    .map(Network.Ipam::getConfig)
                    .orElse(List.of())) {
                if (config.getSubnet() == null
                        || config.getSubnet().contains(":")
                        || !Subnet.parse(config.getSubnet()).overlaps(subnet)) {
                    continue;
                }
                return Optional.of(DockerLabels.of(network.getLabels())
                        .orElseThrow(() -> new ClusterException("the Docker network " + network.getName()
                                + " has the subnet " + config.getSubnet() + ", which overlaps the recipe's " + subnet
                                + "; remove that network, or drill in the sandbox")));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        leftovers.removeRun(labels.run());
        try {
            FileTree.delete(work);
        } catch (IOException e) {
            throw new UncheckedIOException("the working directory " + work + " cannot be removed", e);
        }
    }

    private record DockerNetwork(String id, IpAddress gateway) {}
}
