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
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** Keys and values that a backup can get wrong: large, binary, leased, deleted, empty. What exactly is drawn from the seed. */
final class UnusualData {
    private static final int LARGE_VALUES = 54;

    /** Etcd takes requests of up to 1.5 MiB. */
    private static final int LARGE_BYTES = 1 << 20;

    /** So many come to more than the 50 MB of the issue. */
    private static final int LARGE_VALUES_OF_50_MB = 50;

    private static final int OTHERS = 30;

    /** Longer than any attempt: a key that expires in between would be no evidence. */
    private static final Duration LEASE = Duration.ofHours(6);

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Attempt attempt;
    private final Random random;
    private final List<Kind> order;
    private final List<String> leased = new ArrayList<>();
    private int acknowledged;
    private int sent;
    private int number;

    private enum Kind {
        LARGE,
        BINARY,
        LEASED,
        DELETED,
        EMPTY
    }

    UnusualData(Attempt attempt, Random random) {
        this.attempt = attempt;
        this.random = random;
        List<Kind> drawn = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            drawn.addAll(Collections.nCopies(kind == Kind.LARGE ? LARGE_VALUES : OTHERS, kind));
        }
        Collections.shuffle(drawn, random);
        this.order = List.copyOf(drawn);
    }

    /** A moment drawn from all of its writing. */
    int anyMoment() {
        return random.nextInt(order.size() + 1);
    }

    /** A moment drawn from those after 50 MB were written. */
    int momentAfter50Megabytes() {
        int first = 0;
        for (int large = 0; large < LARGE_VALUES_OF_50_MB; first++) {
            if (order.get(first) == Kind.LARGE) {
                large++;
            }
        }
        return first + random.nextInt(order.size() - first + 1);
    }

    /** Writes on until a moment of the drawn order, over all members. */
    void writeUntil(int moment) {
        for (; number < moment; number++) {
            write(order.get(number));
        }
        if (acknowledged * 10 < sent * 9) {
            throw new StepNotDoneException("only " + acknowledged + " of " + sent
                    + " large, binary, leased and deleted keys" + " were acknowledged; nine of ten are needed");
        }
    }

    private void write(Kind kind) {
        String key = attempt.keys() + kind.name().toLowerCase(Locale.ROOT) + "/" + number;
        switch (kind) {
            case LARGE -> put(key, "large:" + (LARGE_BYTES - random.nextInt(4096)) + ":v" + number, false);
            case BINARY -> putBinary();
            case LEASED -> {
                if (put(key, "v" + number, true)) {
                    leased.add(key);
                }
            }
            case DELETED -> {
                put(key, "v" + number, random.nextBoolean());
                send(new Request.Delete(key), Optional.empty());
            }
            case EMPTY -> put(key, "", false);
        }
    }

    private void putBinary() {
        byte[] bytes = new byte[1 + random.nextInt(24)];
        random.nextBytes(bytes);
        String key = "bytes:"
                + HexFormat.of().formatHex((attempt.keys() + "binary/").getBytes(StandardCharsets.UTF_8))
                // No text begins with this byte, so that it cannot be mistaken for one.
                + "ff" + HexFormat.of().formatHex(bytes);
        put(key, "bytes:ff" + HexFormat.of().formatHex(bytes), random.nextBoolean());
    }

    /** Keys that were put with a lease so far. */
    List<String> leased() {
        return List.copyOf(leased);
    }

    /** Asks a restored cluster for the leases of keys that were put with one before its backup. */
    void recordLeases(EtcdCluster restored, List<String> leasedBefore) {
        Member member = restored.members().get(random.nextInt(restored.members().size()));
        try (MemberClient client = restored.connect(member)) {
            for (String key : leasedBefore) {
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

    private boolean put(String key, String value, boolean leased) {
        return send(new Request.Put(key, value), leased ? Optional.of(LEASE) : Optional.empty());
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
