package dev.etcddrill.cluster.sandbox;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.RuntimeKind;
import java.nio.file.Path;
import java.util.Optional;

/** The sandbox as a kind of runtime. */
public final class Sandbox implements RuntimeKind {
    private Optional<SandboxLauncher.Probe> probed = Optional.empty();

    private synchronized SandboxLauncher.Probe probe() {
        if (probed.isEmpty()) {
            probed = Optional.of(SandboxLauncher.probe());
        }
        return probed.get();
    }

    @Override
    public String name() {
        return "sandbox";
    }

    @Override
    public String description() {
        return "sandbox"
                + probe().mode()
                        .map(mode -> mode == SandboxLauncher.Mode.ROOT ? " as root" : " as an ordinary user")
                        .orElse("");
    }

    @Override
    public Optional<String> missing() {
        return probe().mode().isPresent() ? Optional.empty() : Optional.of(probe().missing());
    }

    @Override
    public Optional<String> obstacle(Capability capability) {
        return probe().mode().flatMap(mode -> SandboxLauncher.obstacle(mode, capability));
    }

    @Override
    public String addresses() {
        return "the recipe's own";
    }

    @Override
    public String wayOut() {
        return "none: it has no other network";
    }

    @Override
    public void writeJava(Path directory, ProcessHandle owner, Path java) {
        SandboxLauncher.forMode(probe().mode().orElseThrow()).writeJava(directory, owner, java);
    }

    @Override
    public ClusterRuntime enter(Site site) {
        return SandboxRuntime.enter(site.work(), site.toxiproxy());
    }
}
