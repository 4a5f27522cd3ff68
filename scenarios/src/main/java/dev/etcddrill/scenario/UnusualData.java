package dev.etcddrill.scenario;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.drill.Attempt;
import dev.etcddrill.drill.StepNotDoneException;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Request;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Keys and values that a backup can get wrong: large, binary, leased, deleted. What exactly is drawn from the seed. */
final class UnusualData {
    /** Three rounds make more than the 50 MB of the issue; etcd takes requests of up to 1.5 MiB. */
    private static final int LARGE_VALUES = 18;

    private static final int LARGE_BYTES = 1 << 20;
    private static final int OTHERS = 10;

    /** Longer than any attempt: a key that expires in between would be no evidence. */
    private static final Duration LEASE = Duration.ofHours(6);

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Attempt attempt;
    private final Random random;
    private final List<String> leased = new ArrayList<>();
    private int acknowledged;
    private int sent;
    private int number;

    UnusualData(Attempt attempt, Random random) {
        this.attempt = attempt;
        this.random = random;
    }

    /** Writes one round of each kind, in a drawn order, over all members. */
    void write() {
        for (int count = 0; count < LARGE_VALUES; count++) {
            put(
                    attempt.keys() + "large/" + number,
                    "large:" + (LARGE_BYTES - random.nextInt(4096)) + ":v" + number,
                    false);
        }
        for (int count = 0; count < OTHERS; count++) {
            byte[] bytes = new byte[1 + random.nextInt(24)];
            random.nextBytes(bytes);
            String binary = "bytes:"
                    + HexFormat.of().formatHex((attempt.keys() + "binary/").getBytes(StandardCharsets.UTF_8))
                    // No text begins with this byte, so that it cannot be mistaken for one.
                    + "ff" + HexFormat.of().formatHex(bytes);
            put(binary, "bytes:ff" + HexFormat.of().formatHex(bytes), random.nextBoolean());
            putLeased(attempt.keys() + "leased/" + number);
            String deleted = attempt.keys() + "deleted/" + number;
            put(deleted, "v" + number, random.nextBoolean());
            send(new Request.Delete(deleted), Optional.empty());
            put(attempt.keys() + "empty/" + number, "", false);
        }
        if (acknowledged * 10 < sent * 9) {
            throw new StepNotDoneException("only " + acknowledged + " of " + sent
                    + " large, binary, leased and deleted keys" + " were acknowledged; nine of ten are needed");
        }
    }

    /** Asks a restored cluster for the leases of keys that were put with one before its backup. */
    void recordLeases(EtcdCluster restored) {
        Member member = restored.members().get(random.nextInt(restored.members().size()));
        try (MemberClient client = restored.connect(member)) {
            for (String key : leased) {
                attempt.observe(new Observation.RestoredLease(
                        attempt.clock().elapsed(),
                        restored.incarnation(),
                        member.name(),
                        key,
                        LEASE,
                        client.leaseLeft(key, DEADLINE)));
            }
        } catch (StatusRuntimeException e) {
            throw new StepNotDoneException(
                    "the leases of " + restored.incarnation() + " cannot be read: " + e.getStatus());
        }
    }

    private void put(String key, String value, boolean leased) {
        number++;
        send(new Request.Put(key, value), leased ? Optional.of(LEASE) : Optional.empty());
    }

    private void putLeased(String key) {
        number++;
        if (send(new Request.Put(key, "v" + number), Optional.of(LEASE))) {
            leased.add(key);
        }
    }

    private boolean send(Request request, Optional<Duration> lease) {
        List<Member> members = attempt.etcd().members();
        sent++;
        boolean done = attempt.send(members.get(random.nextInt(members.size())), request, lease);
        if (done) {
            acknowledged++;
        }
        return done;
    }
}
