package dev.etcddrill.cluster;

import dev.etcddrill.client.MemberEndpoint;
import dev.etcddrill.distribution.CommandOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The machine that one member lives on, as a runtime gives it. */
public interface MemberHost extends AutoCloseable {
    /** Name of the member. */
    String member();

    /** Where this process reaches the member's client port; the same as long as the host lives. */
    MemberEndpoint clientEndpoint();

    /**
     * Starts etcd as the deployment's unit does: {@code etcd --config-file=/etc/etcd/etcd.conf.yml}, as the service's
     * user where the runtime can switch users.
     *
     * @param log file of this machine that its output is appended to
     * @throws IOException where the process cannot be started
     */
    MemberProcess startEtcd(Path log) throws IOException;

    /** Runs a command on the host as root, with standard input closed, and waits for its end. */
    CommandOutput run(Duration timeout, List<String> command);

    /** Whether there is a file at an absolute path of the host. */
    boolean hasFile(String path) throws IOException;

    /**
     * The content of a file of the host.
     *
     * @throws java.nio.file.NoSuchFileException where there is none
     */
    byte[] readFile(String path) throws IOException;

    /** Puts a file on the host, with the directories above it; one that is there is replaced. Its owner is root. */
    void writeFile(String path, byte[] content) throws IOException;

    /** Removes all that is in a directory of the host; the directory stays. */
    void emptyDirectory(String path) throws IOException;

    /**
     * What can be done to the host's network.
     *
     * @throws UnsupportedOperationException where the host was made without {@link Capability#PARTITIONS} and
     *     {@link Capability#LINK_FAULTS}
     */
    HostNetwork network();

    /**
     * Writes out what the kernel still holds of the member's disk. It makes a young cluster like one that is older than
     * the kernel's writeback interval: from here on only what etcd itself syncs is safe.
     *
     * @throws IOException where that fails
     * @throws UnsupportedOperationException where the host was made without {@link Capability#POWER_LOSS}
     */
    void writeOutDisk() throws IOException;

    /**
     * Takes the disk as it is now, without what was not synced, and puts it in the place of the member's disk. The
     * member's process must have ended.
     *
     * @throws IOException where that fails
     * @throws UnsupportedOperationException where the host was made without {@link Capability#POWER_LOSS}
     */
    void loseUnsyncedData() throws IOException;

    /** Removes the host with all that is on it. */
    @Override
    void close();
}
