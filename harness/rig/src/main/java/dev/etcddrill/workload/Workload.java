package dev.etcddrill.workload;

import dev.etcddrill.client.MemberClient;
import dev.etcddrill.cluster.EtcdCluster;
import dev.etcddrill.cluster.Member;
import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import dev.etcddrill.history.RevisionRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients that put a steady load on a cluster, each bound to one member and with one operation in flight, so that what a
 * member does to its own clients can be told. Closing it waits for the operations in flight.
 */
public final class Workload implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();

    private Workload() {}

    /** The smallest number of clients that is at least the wanted one and gives every member equally many. */
    public static int evenClients(int members, int atLeast) {
        return (atLeast + members - 1) / members * members;
    }

    /**
     * Starts the clients.
     *
     * @param seed that every client's own randomness is derived from
     */
    public static Workload start(EtcdCluster cluster, Recorder recorder, Settings settings, long seed) {
        Workload workload = new Workload();
        Random seeds = new Random(seed);
        RevisionDraw revisions = new RevisionDraw();
        for (int number = 0; number < settings.clients(); number++) {
            Member member = cluster.members().get(number % cluster.members().size());
            LoadClient client = new LoadClient(
                    cluster.incarnation(),
                    cluster.connect(member),
                    recorder,
                    settings,
                    revisions,
                    new Random(seeds.nextLong()));
            Thread thread = new Thread(() -> client.run(workload.stopped, workload.failure), "load-" + number);
            thread.setDaemon(true);
            workload.threads.add(thread);
        }
        workload.threads.forEach(Thread::start);
        return workload;
    }

    /** Tells the clients to stop, and waits for none of them. */
    public void stop() {
        stopped.set(true);
    }

    @Override
    public void close() {
        stop();
        long end = System.nanoTime() + STOP_TIMEOUT.toNanos();
        for (Thread thread : threads) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, end - System.nanoTime());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (thread.isAlive()) {
                throw new IllegalStateException("the client " + thread.getName() + " did not stop within "
                        + STOP_TIMEOUT.toSeconds() + " s, although each of its calls has a deadline");
            }
        }
        RuntimeException mistake = failure.get();
        if (mistake != null) {
            throw new IllegalStateException(
                    "a client ended by a mistake of ours, so the load was not what it seems", mistake);
        }
    }

    /**
     * What the clients do.
     *
     * @param clients how many
     * @param pause mean time between an answer and the next request of one client
     * @param deadline of each request
     * @param keyPrefix of every key
     * @param sharedKeys how many keys the clients compete for; others are written once
     * @param mix of operations
     */
    public record Settings(
            int clients, Duration pause, Duration deadline, String keyPrefix, int sharedKeys, OperationMix mix) {
        public Settings {
            if (clients < 1 || sharedKeys < 1) {
                throw new IllegalArgumentException(
                        "a workload needs clients and shared keys, but has " + clients + " and " + sharedKeys);
            }
        }
    }

    /** One client. */
    private static final class LoadClient {
        /** After an error, so that a dead member is not asked thousands of times a second. */
        private static final Duration PAUSE_AFTER_ERROR = Duration.ofMillis(100);

        private final String incarnation;
        private final MemberClient connection;
        private final Recorder recorder;
        private final Settings settings;
        private final RevisionDraw revisions;
        private final Random random;
        private final Map<String, Long> lastSeen = new HashMap<>();
        private int process;
        private int written;

        private LoadClient(
                String incarnation,
                MemberClient connection,
                Recorder recorder,
                Settings settings,
                RevisionDraw revisions,
                Random random) {
            this.incarnation = incarnation;
            this.connection = connection;
            this.recorder = recorder;
            this.settings = settings;
            this.revisions = revisions;
            this.random = random;
            this.process = recorder.newProcess();
        }

        private void run(AtomicBoolean stopped, AtomicReference<RuntimeException> failure) {
            try (connection) {
                while (!stopped.get()) {
                    Request request = next();
                    Outcome outcome = recorder.execute(process, incarnation, connection, request, settings.deadline());
                    learn(request, outcome);
                    TimeUnit.NANOSECONDS.sleep(pauseAfter(outcome).toNanos());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                // After an interrupt the record is closed under the load, and that it takes nothing more is right.
                if (!stopped.get()) {
                    failure.compareAndSet(null, e);
                }
            }
        }

        private Request next() {
            String key = settings.keyPrefix() + "shared/" + random.nextInt(settings.sharedKeys());
            if (settings.mix() == OperationMix.COMPACTION) {
                int dice = random.nextInt(100);
                if (dice < 3) {
                    return new Request.Compact(revisions.toCompact(random), random.nextBoolean());
                } else if (dice < 30) {
                    return new Request.GetAt(
                            key,
                            revisions.toRead(random),
                            random.nextInt(3) > 0
                                    ? Request.Consistency.LINEARIZABLE
                                    : Request.Consistency.SERIALIZABLE);
                }
            }
            return general(key);
        }

        /** Weights in percent: 30 put (a third of them of a key of its own), 25 optimistic put, 8 delete, 37 get. */
        private Request general(String key) {
            int dice = random.nextInt(100);
            if (dice < 10) {
                return new Request.Put(settings.keyPrefix() + "own/" + process + "-" + written, value());
            } else if (dice < 30) {
                return new Request.Put(key, value());
            } else if (dice < 55) {
                return new Request.OptimisticPut(key, lastSeen.getOrDefault(key, 0L), value());
            } else if (dice < 63) {
                return new Request.Delete(key);
            } else if (dice < 81) {
                return new Request.Get(key, Request.Consistency.LINEARIZABLE);
            }
            return new Request.Get(key, Request.Consistency.SERIALIZABLE);
        }

        /** Never twice the same within an attempt: process ids are not reused. */
        private String value() {
            written++;
            return process + "-" + written;
        }

        private void learn(Request request, Outcome outcome) {
            revisions.learn(request, outcome);
            if (outcome instanceof Outcome.Ok ok) {
                Response response = ok.response();
                if (response instanceof Response.Put put) {
                    lastSeen.put(request.key(), put.header().revision());
                } else if (response instanceof Response.Delete) {
                    lastSeen.remove(request.key());
                } else if (response instanceof Response.Get get) {
                    lastSeen.put(
                            request.key(),
                            get.keyValue().map(KeyValue::modRevision).orElse(0L));
                } else if (response instanceof Response.OptimisticPut put) {
                    lastSeen.put(
                            request.key(),
                            put.succeeded()
                                    ? put.header().revision()
                                    : put.current().map(KeyValue::modRevision).orElse(0L));
                }
                return;
            }
            if (outcome instanceof Outcome.Unknown) {
                // Its last operation may still take effect, so this client goes on under another name.
                process = recorder.newProcess();
                written = 0;
            }
            connection.resetBackoff();
        }

        private Duration pauseAfter(Outcome outcome) {
            if (outcome instanceof Outcome.Failed && RevisionRefusal.of(outcome).isEmpty()) {
                return PAUSE_AFTER_ERROR;
            }
            return Duration.ofNanos((long) (settings.pause().toNanos() * 2 * random.nextDouble()));
        }
    }
}
