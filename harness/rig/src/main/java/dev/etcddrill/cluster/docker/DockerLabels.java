package dev.etcddrill.cluster.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who made a container or network, in its labels: by these, and by nothing else, things are taken for ours.
 *
 * @param run unique among all runs
 * @param process the JVM that owns it
 * @param started when that JVM started: a process id alone may have been given to somebody else meanwhile
 * @param machine that the JVM runs on
 */
record DockerLabels(String run, long process, Instant started, String machine) {
    static final String RUN = "dev.etcddrill.run";
    private static final String PROCESS = "dev.etcddrill.process";
    private static final String STARTED = "dev.etcddrill.started";
    private static final String MACHINE = "dev.etcddrill.machine";

    /** Of this JVM. */
    static DockerLabels ofThisProcess(String run) {
        ProcessHandle self = ProcessHandle.current();
        return new DockerLabels(run, self.pid(), started(self), thisMachine());
    }

    /**
     * Where process ids mean what they say: two containers may share a host's name and a daemon, and not see each other's
     * processes. So the process namespace belongs to it, where there are some.
     */
    static String thisMachine() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = "unknown";
        }
        try {
            return name + " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException e) {
            return name;
        }
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    Map<String, String> asMap() {
        Map<String, String> labels = new HashMap<>();
        labels.put(RUN, run);
        labels.put(PROCESS, Long.toString(process));
        labels.put(STARTED, started.toString());
        labels.put(MACHINE, machine);
        return labels;
    }

    /** Reads them; empty where somebody else made the thing. */
    static Optional<DockerLabels> of(Map<String, String> labels) {
        if (labels == null || !labels.keySet().containsAll(java.util.Set.of(RUN, PROCESS, STARTED, MACHINE))) {
            return Optional.empty();
        }
        return Optional.of(new DockerLabels(
                labels.get(RUN),
                Long.parseLong(labels.get(PROCESS)),
                Instant.parse(labels.get(STARTED)),
                labels.get(MACHINE)));
    }

    boolean onThisMachine() {
        return machine.equals(thisMachine());
    }

    /** Whether the JVM that made it still runs, as far as this machine can know. */
    boolean ownerAlive() {
        return !onThisMachine()
                || ProcessHandle.of(process)
                        .filter(ProcessHandle::isAlive)
                        .filter(handle -> started(handle).equals(started))
                        .isPresent();
    }

    @Override
    public String toString() {
        return "run " + run + " of process " + process + " on " + machine;
    }
}
