package dev.etcddrill.cluster.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerHostConfig;
import com.github.dockerjava.api.model.Network;
import dev.etcddrill.cluster.ClusterException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What runs left on a Docker daemon, and its removal. Only labelled things are ever touched. */
public final class DockerLeftovers {
    private final DockerClient client;
    private final String daemon;

    DockerLeftovers(DockerConnection docker) {
        this.client = docker.client();
        this.daemon = docker.daemon();
    }

    /** Where the daemon is reached. */
    public String daemon() {
        return daemon;
    }

    /**
     * On the daemon that is found.
     *
     * @throws ClusterException where none answers
     */
    public static DockerLeftovers onThisDaemon() {
        return new DockerLeftovers(DockerConnection.open());
    }

    /**
     * Removes what belongs to runs whose process is gone.
     *
     * @return what was found, a line for each run
     */
    public List<String> removeOrphans() {
        Map<DockerLabels, Found> all = new LinkedHashMap<>();
        for (Container container : containers(Map.of())) {
            DockerLabels.of(container.getLabels())
                    .ifPresent(labels ->
                            all.computeIfAbsent(labels, unused -> new Found()).add(container));
        }
        for (Network network : networks()) {
            DockerLabels.of(network.getLabels())
                    .ifPresent(labels -> all.computeIfAbsent(labels, unused -> new Found())
                            .networks
                            .add(network.getId()));
        }
        List<String> lines = new ArrayList<>();
        all.forEach((labels, found) -> {
            String what = found.guests.size() + found.containers.size() + " containers and " + found.networks.size()
                    + " networks of " + labels;
            if (!labels.onThisMachine()) {
                lines.add("left alone: " + what + "; only that machine knows whether it still runs");
            } else if (labels.ownerAlive()) {
                lines.add("left alone: " + what + ", which still runs");
            } else {
                remove(found);
                lines.add("removed: " + what + ", which is gone");
            }
        });
        return lines;
    }

    /**
     * Everything with the labels of any run, and every volume, a line each; empty also where no daemon answers. Volumes of
     * containers have no labels.
     */
    public static List<String> ofTheDaemonWhereOneAnswers() {
        if (DockerRuntime.unavailable().isPresent()) {
            return List.of();
        }
        DockerLeftovers all = onThisDaemon();
        List<String> lines = new ArrayList<>();
        all.containers(Map.of())
                .forEach(container -> DockerLabels.of(container.getLabels())
                        .ifPresent(labels -> lines.add("container " + container.getId() + " of " + labels)));
        all.networks()
                .forEach(network -> DockerLabels.of(network.getLabels())
                        .ifPresent(labels -> lines.add("network " + network.getName() + " of " + labels)));
        Optional.ofNullable(all.client.listVolumesCmd().exec().getVolumes())
                .orElse(List.of())
                .forEach(volume -> lines.add("volume " + volume.getName()));
        return lines;
    }

    /**
     * Removes everything of one run; does nothing where nothing is left.
     *
     * @return whether nothing was left
     */
    boolean removeRun(String run) {
        Found found = new Found();
        containers(Map.of(DockerLabels.RUN, run)).forEach(found::add);
        networks().stream()
                .filter(network -> DockerLabels.of(network.getLabels())
                        .filter(labels -> labels.run().equals(run))
                        .isPresent())
                .forEach(network -> found.networks.add(network.getId()));
        remove(found);
        return found.isEmpty();
    }

    private List<Container> containers(Map<String, String> labels) {
        return client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels.isEmpty() ? Map.of() : labels)
                .exec();
    }

    List<Network> networks() {
        return client.listNetworksCmd().exec();
    }

    private void remove(Found found) {
        List<DockerException> failures = Collections.synchronizedList(new ArrayList<>());
        // First those that use what another one holds: a volume that is still used would stay.
        removeContainers(found.guests, failures);
        removeContainers(found.containers, failures);
        for (String network : found.networks) {
            try {
                client.removeNetworkCmd(network).exec();
            } catch (NotFoundException e) {
                // It is gone already.
            } catch (DockerException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw new ClusterException(
                    "not everything could be removed from the Docker daemon: "
                            + failures.get(0).getMessage() + "; etcd-drill recover tries it again",
                    failures.get(0));
        }
    }

    /** At once: the daemon takes most of a second for each, and a guard has ten for all. */
    private void removeContainers(Set<String> ids, List<DockerException> failures) {
        ids.parallelStream().forEach(container -> {
            try {
                DockerConnection.removeContainer(client, container);
            } catch (DockerException e) {
                failures.add(e);
            }
        });
    }

    /** Kept by id: names can be given again. */
    private static final class Found {
        private final Set<String> guests = new java.util.LinkedHashSet<>();
        private final Set<String> containers = new java.util.LinkedHashSet<>();
        private final Set<String> networks = new java.util.LinkedHashSet<>();

        private boolean isEmpty() {
            return guests.isEmpty() && containers.isEmpty() && networks.isEmpty();
        }

        private void add(Container container) {
            boolean guest = Optional.ofNullable(container.getHostConfig())
                    .map(ContainerHostConfig::getNetworkMode)
                    .filter(mode -> mode.startsWith("container:"))
                    .isPresent();
            (guest ? guests : containers).add(container.getId());
        }
    }
}
