package dev.etcddrill.cluster;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A kind of runtime, before one is entered: what this machine and user can have of it. */
public interface RuntimeKind {
    /** Name as in {@code -Ddrill.runtime=}. */
    String name();

    /** With what rights or where it would run, for people, such as {@code sandbox as root}. */
    String description();

    /** Why there is none here, as a clause; empty where there can be one. Tried without leaving anything. */
    Optional<String> missing();

    /**
     * Why it cannot do something here, as the end of a sentence about a drill; empty where it can. Means something only
     * where nothing is {@link #missing()}.
     */
    Optional<String> obstacle(Capability capability);

    /** Which addresses and paths members have, for the table of what runtimes can do. */
    String addresses();

    /** How a packet of the drilling JVM could reach another machine, for the same table. */
    String wayOut();

    /**
     * Writes the program {@code directory/bin/java} that stands for {@code java} and starts the drilling JVM where this
     * runtime wants it. It ends that JVM when the owner ends, however that ends.
     *
     * @param owner the process that the run belongs to, such as Maven
     * @param java the real {@code java}
     */
    void writeJava(Path directory, ProcessHandle owner, Path java);

    /**
     * Prepares a runtime; called in the drilling JVM.
     *
     * @throws ClusterException where that cannot be done
     */
    ClusterRuntime enter(Site site);

    /**
     * What a runtime needs to know of its run.
     *
     * @param work directory on a real disk that members' files go to; made by the runtime, removed when it is closed
     * @param toxiproxy the program {@code toxiproxy-server}; empty where no drill needs link faults
     * @param etcdImage image whose etcd is to run; only Docker takes one
     * @param progress takes a line where something is waited for
     */
    record Site(Path work, Optional<Path> toxiproxy, Optional<String> etcdImage, Consumer<String> progress) {}
}
