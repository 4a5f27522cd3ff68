package dev.etcddrill.cluster;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.distribution.CommandOutput;
import dev.etcddrill.recipe.EtcdSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one member stored on its host, for faults that destroy it. */
public final class MemberData {
    private static final Duration COPY_TIMEOUT = Duration.ofMinutes(2);
    private static final int ATTEMPTS_UNDER_IT = 5;

    /** On the host itself, apart from what etcd and the deployment's scripts look at. */
    private static final String COPY = "/root/etcd-drill-copy-of-data";

    private final Member member;
    private final List<String> directories;

    MemberData(Member member, EtcdSettings etcd) {
        this.member = requireNonNull(member, "member");
        this.directories = List.of(etcd.walDirectory(), etcd.dataDirectory());
    }

    /**
     * Removes it after the member's process ended, and after its unit looked at it; the directories stay.
     *
     * @throws IllegalStateException where the process runs
     */
    public void lose() {
        requireEnded();
        member.completeStop();
        remove();
    }

    /** Removes it while the member's process runs: what the unit does after its end finds nothing. */
    public void loseUnderIt() {
        for (int attempt = 1; ; attempt++) {
            try {
                remove();
                return;
            } catch (ClusterException | UncheckedIOException e) {
                // etcd made or removed a file meanwhile.
                if (attempt == ATTEMPTS_UNDER_IT) {
                    throw e;
                }
            }
        }
    }

    /**
     * Keeps a copy of it, times included.
     *
     * @throws IllegalStateException where the process runs
     */
    public void keepCopy() {
        requireEnded();
        run(
                "rm -rf \"$0\"; i=0; for directory; do i=$((i + 1)); mkdir -p \"$0/$i\" && cp -a \"$directory/.\" \"$0/$i/\" || exit 1;"
                        + " done");
    }

    /**
     * Puts the copy in its place.
     *
     * @throws IllegalStateException where the process runs
     */
    public void replaceByCopy() {
        requireEnded();
        member.completeStop();
        remove();
        run("i=0; for directory; do i=$((i + 1)); cp -a \"$0/$i/.\" \"$directory/\" || exit 1; done");
    }

    /**
     * Whether neither a database nor a segment of the write-ahead log is left. A process that ran on without them may have
     * made other files since.
     */
    public boolean isLost() {
        return outcome("files=$(find \"$@\" \\( -name db -o -name '*.wal' \\)) && [ -z \"$files\" ]")
                        .exitCode()
                == 0;
    }

    /** Whether it is what {@link #keepCopy()} kept, byte for byte. */
    public boolean isCopy() {
        return outcome("i=0; for directory; do i=$((i + 1)); diff -rq \"$0/$i\" \"$directory\" || exit 1; done")
                        .exitCode()
                == 0;
    }

    private void remove() {
        // First: what was half removed must be replaced, too.
        member.dataInDoubt(true);
        try {
            for (String directory : directories) {
                member.host().emptyDirectory(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the data of member " + member.name() + " cannot be removed", e);
        }
    }

    private void run(String script) {
        CommandOutput output = outcome(script);
        if (output.exitCode() != 0) {
            throw new ClusterException(
                    "the data of member " + member.name() + " cannot be copied: " + output.lastLines(3));
        }
    }

    private CommandOutput outcome(String script) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, COPY));
        command.addAll(directories);
        return member.host().run(COPY_TIMEOUT, command);
    }

    private void requireEnded() {
        if (member.running()) {
            throw new IllegalStateException("member " + member.name() + " runs; its data is not touched under it");
        }
    }
}
