package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What a probe saw, beside the clients' operations. Times are since the start of the attempt. */
public sealed interface Observation {
    Duration at();

    /**
     * Status of one member, by etcd's Maintenance API over a channel of the probe's own. A member is asked again only
     * after it answered, and the time is taken when the answer is there: checks rely on both.
     *
     * @param header cluster and member id, revision and term; empty where the member did not answer
     * @param leaderId member id of the leader as this member sees it, in hexadecimal; empty where it sees none
     * @param version etcd's version; empty where the member did not answer
     * @param errors what the member says of itself (alarms, no leader), or why it could not be asked
     */
    record MemberStatus(
            Duration at,
            String incarnation,
            String member,
            Optional<Header> header,
            Optional<String> leaderId,
            Optional<String> version,
            long databaseBytes,
            List<String> errors)
            implements Observation {
        public MemberStatus {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(header, "header");
            requireNonNull(leaderId, "leaderId");
            requireNonNull(version, "version");
            errors = List.copyOf(errors);
        }
    }

    /**
     * The end of waiting for a cluster to become ready: a linearizable read on every member.
     *
     * @param took from the start of the first process to the last member's read, or to giving up
     * @param detail where it is not ready: which member, why, its last log lines
     */
    record Formation(Duration at, String incarnation, boolean ready, Duration took, String detail)
            implements Observation {
        public Formation {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(took, "took");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * A member's process ended.
     *
     * @param expected whether the drill ended it
     * @param exitCode as the shell gives it; empty where it could not be read
     */
    record MemberExit(Duration at, String member, boolean expected, OptionalInt exitCode) implements Observation {
        public MemberExit {
            requireNonNull(at, "at");
            requireNonNull(member, "member");
            requireNonNull(exitCode, "exitCode");
        }
    }

    /**
     * How the cluster came back after a fault was lifted, over fresh channels. A value is empty where the wait was given
     * up.
     *
     * @param fault id of the fault
     * @param firstWrite from lifting to the first committed write, on any member
     * @param linearizableReads from lifting to the first linearizable read, per member
     * @param equalState from lifting to equal revision and HashKV on all members
     * @param detail where a value is empty: what was last seen
     */
    record Recovery(
            Duration at,
            String fault,
            Optional<Duration> firstWrite,
            Map<String, Duration> linearizableReads,
            Optional<Duration> equalState,
            String detail)
            implements Observation {
        public Recovery {
            requireNonNull(at, "at");
            requireNonNull(fault, "fault");
            requireNonNull(firstWrite, "firstWrite");
            linearizableReads = Map.copyOf(linearizableReads);
            requireNonNull(equalState, "equalState");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * The whole key space and the hash of one member at one revision, read serializable from that member. The time is
     * taken when the answer is there.
     *
     * @param moment when in the attempt: {@code start}, {@code end}, {@code restored}
     * @param header the header of the read: the revision is the member's own
     * @param hash HashKV at that revision; empty where it could not be had
     * @param compactRevision as HashKV reports it
     */
    record MemberState(
            Duration at,
            String incarnation,
            String moment,
            String member,
            Header header,
            Optional<Long> hash,
            long compactRevision,
            List<KeyValue> keyValues)
            implements Observation {
        public MemberState {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(moment, "moment");
            requireNonNull(member, "member");
            requireNonNull(header, "header");
            requireNonNull(hash, "hash");
            keyValues = List.copyOf(keyValues);
        }
    }

    /**
     * One run of the rendered backup script.
     *
     * @param started before the script was started; {@link #at()} is after it ended
     * @param exitCode of the script
     * @param file name of the snapshot that it left; empty where it left none
     * @param revision of the store in the snapshot, as etcdutl reads it from the file; empty where it cannot, or where the
     *     file's checksum does not fit
     * @param detail last lines of the script where it failed
     */
    record Backup(
            Duration at,
            Duration started,
            String incarnation,
            String member,
            int exitCode,
            Optional<String> file,
            Optional<Long> revision,
            String detail)
            implements Observation {
        public Backup {
            requireNonNull(at, "at");
            requireNonNull(started, "started");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(file, "file");
            requireNonNull(revision, "revision");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * A new cluster was started from a snapshot by the rendered restore script on every member.
     *
     * @param incarnation the new one
     * @param source the incarnation that the snapshot was taken from
     * @param file name of the snapshot
     * @param snapshotRevision revision of the store in the snapshot, as etcdutl reads it from the file; empty where it
     *     cannot
     * @param ready whether the new cluster became ready
     * @param detail where not: which step failed and its last lines
     */
    record Restore(
            Duration at,
            String incarnation,
            String source,
            String file,
            Optional<Long> snapshotRevision,
            boolean ready,
            String detail)
            implements Observation {
        public Restore {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(source, "source");
            requireNonNull(file, "file");
            requireNonNull(snapshotRevision, "snapshotRevision");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * The rendered restore script was given a snapshot that was damaged on purpose.
     *
     * @param damage what was done to the file, for people
     * @param exitCode of the script
     * @param dataChanged whether there was data on the host afterwards that was not there before
     * @param detail last lines of the script
     */
    record DamagedSnapshot(
            Duration at,
            String incarnation,
            String member,
            String damage,
            int exitCode,
            boolean dataChanged,
            String detail)
            implements Observation {
        public DamagedSnapshot {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(damage, "damage");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * A member whose data was destroyed, or replaced by an older copy, was started from the deployed files, as an operator or
     * systemd does who knows nothing of it.
     *
     * @param fault id of the fault that took the data
     * @param refused whether the deployment itself kept etcd from starting
     * @param detail last lines of what refused it
     */
    record StartAfterDataLoss(
            Duration at, String incarnation, String member, String fault, boolean refused, String detail)
            implements Observation {
        public StartAfterDataLoss {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(fault, "fault");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * A watch that asked for events from a revision before a restore, as a client does that lived through it.
     *
     * @param compactRevision what etcd said when it ended the watch as compacted; empty where it did not end it
     * @param events how many events it got instead
     */
    record OldWatch(
            Duration at,
            String incarnation,
            String member,
            long fromRevision,
            Optional<Long> compactRevision,
            long events,
            String detail)
            implements Observation {
        public OldWatch {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(compactRevision, "compactRevision");
            requireNonNull(detail, "detail");
        }
    }

    /**
     * A key of a restored cluster, asked for its lease; its put with a lease was acknowledged before the backup was asked
     * for.
     *
     * @param granted life that the lease was granted
     * @param left what the member says that its lease has left; empty where it has none, or is not there
     */
    record RestoredLease(
            Duration at, String incarnation, String member, String key, Duration granted, Optional<Duration> left)
            implements Observation {
        public RestoredLease {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(key, "key");
            requireNonNull(granted, "granted");
            requireNonNull(left, "left");
        }
    }

    /**
     * The host itself did not run for a while: a probe that sleeps for a few milliseconds woke up this much too late.
     *
     * @param stalled how much too late, ending at {@link #at()}
     */
    record HostStall(Duration at, Duration stalled) implements Observation {
        public HostStall {
            requireNonNull(at, "at");
            requireNonNull(stalled, "stalled");
        }
    }

    /**
     * A setting that a member was started with and that a check looks at.
     *
     * @param name as in etcd's configuration file
     */
    record Setting(Duration at, String incarnation, String member, String name, String value) implements Observation {
        public Setting {
            requireNonNull(at, "at");
            requireNonNull(incarnation, "incarnation");
            requireNonNull(member, "member");
            requireNonNull(name, "name");
            requireNonNull(value, "value");
        }
    }

    /** Something that a reader of the timeline wants to know: a phase began, a script ran. */
    record Mark(Duration at, String text) implements Observation {
        public Mark {
            requireNonNull(at, "at");
            requireNonNull(text, "text");
        }
    }
}
