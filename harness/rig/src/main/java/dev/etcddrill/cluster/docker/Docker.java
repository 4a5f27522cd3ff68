package dev.etcddrill.cluster.docker;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.OwnedJava;
import dev.etcddrill.cluster.RuntimeKind;
import java.nio.file.Path;
import java.util.Optional;

/** Docker as a kind of runtime. */
public final class Docker implements RuntimeKind {
    private Optional<Optional<String>> probed = Optional.empty();

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public String description() {
        return "docker";
    }

    @Override
    public synchronized Optional<String> missing() {
        if (probed.isEmpty()) {
            probed = Optional.of(DockerRuntime.unavailable());
        }
        return probed.get();
    }

    @Override
    public Optional<String> obstacle(Capability capability) {
        return DockerRuntime.obstacleOf(capability);
    }

    @Override
    public String addresses() {
        return "the recipe's own";
    }

    @Override
    public String wayOut() {
        return "clients use published ports";
    }

    @Override
    public void writeJava(Path directory, ProcessHandle owner, Path java) {
        OwnedJava.write(directory, owner, java);
    }

    @Override
    public ClusterRuntime enter(Site site) {
        return DockerRuntime.connect(site.work(), site.toxiproxy(), site.etcdImage(), site.progress());
    }
}
