package dev.etcddrill.cluster;

import dev.etcddrill.distribution.CommandOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The machine that one member lives on, as a runtime gives it. */
public interface MemberHost extends AutoCloseable {
    /** Name of the member. */
    String member();

    /**
     * Starts etcd as the deployment's unit does: {@code etcd --config-file=/etc/etcd/etcd.conf.yml}, as the service's
     * user where the runtime can switch users.
     *
     * @param log file that its output is appended to
     * @throws IOException where the process cannot be started
     */
    Process startEtcd(Path log) throws IOException;

    /** Runs a command on the host as root, with standard input closed, and waits for its end. */
    CommandOutput run(Duration timeout, List<String> command);

    /** Where a file of the host lies for this process. */
    Path file(String absolutePath);

    /**
     * Writes out what the kernel still holds of the member's disk. It makes a young cluster like one that is older than
     * the kernel's writeback interval: from here on only what etcd itself syncs is safe.
     *
     * @throws IOException where that fails
     * @throws UnsupportedOperationException where the disk is an ordinary one
     */
    void writeOutDisk() throws IOException;

    /**
     * Takes the disk as it is now, without what was not synced, and puts it in the place of the member's disk. The
     * member's process must have ended.
     *
     * @throws IOException where that fails
     * @throws UnsupportedOperationException where the disk is an ordinary one
     */
    void loseUnsyncedData() throws IOException;

    /** Removes the host with all that is on it. */
    @Override
    void close();
}
