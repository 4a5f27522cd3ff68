package dev.etcddrill.cluster.loopback;

import dev.etcddrill.cluster.Capability;
import dev.etcddrill.cluster.ClusterRuntime;
import dev.etcddrill.cluster.OwnedJava;
import dev.etcddrill.cluster.RuntimeKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Plain processes on loopback addresses as a kind of runtime. */
public final class Loopback implements RuntimeKind {
    static final String NAME = "loopback";

    /** For the deployment's scripts, the start of processes, and the guard. */
    private static final List<String> PROGRAMS = List.of("/bin/bash", "/bin/sh", "/usr/bin/setsid");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return NAME;
    }

    @Override
    public Optional<String> missing() {
        for (String program : PROGRAMS) {
            if (!Files.isExecutable(Path.of(program))) {
                return Optional.of("it needs " + program);
            }
        }
        if (!Files.isReadable(Path.of("/proc/self/environ"))) {
            return Optional.of("it needs /proc, to find the processes of a run that was killed");
        }
        return LoopbackRuntime.anyPlace() ? Optional.empty() : Optional.of("no address of 127.64.0.0/10 is free");
    }

    @Override
    public Optional<String> obstacle(Capability capability) {
        return LoopbackRuntime.obstacleOf(capability);
    }

    @Override
    public String addresses() {
        return "127.x.y.z and a directory of the run";
    }

    @Override
    public String wayOut() {
        return "this machine's own network; members are given loopback addresses only";
    }

    @Override
    public void writeJava(Path directory, ProcessHandle owner, Path java) {
        OwnedJava.write(directory, owner, java);
    }

    @Override
    public ClusterRuntime enter(Site site) {
        return LoopbackRuntime.enter(site.work());
    }
}
