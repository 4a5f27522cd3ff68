package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Request.Consistency;
import dev.etcddrill.history.Response;
import dev.etcddrill.history.RevisionRefusal;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A replicated key-value store in one thread and made-up time, that behaves as etcd may: concurrent clients, members
 * that lag, linearizable reads from any state between the asking and the answer, leaders and majorities lost, writes
 * whose outcome nobody is told and that take effect late or never. With a {@link Flaw} it does one thing that etcd must
 * not do.
 *
 * <p>Everything follows from the seed.
 */
final class SimulatedAttempt {
    /** One thing that etcd must not do. */
    enum Flaw {
        NONE,
        STALE_LINEARIZABLE_READ,
        OLD_VALUE_AT_NEW_REVISION,
        LOST_IN_CRASH,
        DOUBLE_APPLY,
        PHANTOM_VALUE,
        FAILED_WRITE_TOOK_EFFECT,
        COMPARE_IGNORED,
        COMPARE_WRONGLY_REFUSED,
        DELETE_NOT_COUNTED,
        WRONG_VERSION,
        WRONG_CREATE_REVISION,
        MEMBER_GOES_BACK,
        TERM_GOES_BACK,
        ACKNOWLEDGED_WITHOUT_MAJORITY,
        SLOW_ELECTION,
        DUPLICATE_REVISION,
        OTHER_CLUSTER,
        LOST_WRITE,
        DIVERGED_MEMBER,
        LAGGING_MEMBER,
        KEY_NOT_RESTORED,
        RESTORED_WITHOUT_BUMP,
        RESTORED_INTO_THE_SAME_CLUSTER,
        COMPACTED_REVISION_ANSWERED,
        COMPACTION_FORGOTTEN_IN_CRASH,
        REFUSED_WITHOUT_COMPACTION,
        REFUSED_AS_FUTURE,
        COMPACTION_TOOK_A_KEY,
    }

    /** What may happen besides the load. */
    record Trouble(boolean unknownOutcomes, int faults, boolean restore) {
        static final Trouble NONE = new Trouble(false, 0, false);
    }

    private static final String LIVE_LOG =
            "{\"level\":\"info\",\"msg\":\"initial corruption checking passed; no corruption\"}";
    static final long BUMP = 1_000_000_000L;
    private static final long DEADLINE = 60_000;
    private static final long ELECTION = 15_000;
    private static final long SLOW_ELECTION = 1_500_000;
    private static final Duration OBJECTIVE = Duration.ofMillis(600);

    private record Event(long at, long number, Runnable action) {}

    private record Entry(long revision, Optional<KeyValue> keyValue) {}

    /** A request on its way. */
    private static final class Flight {
        private int client;
        private int member;
        private long id;
        private Request request;
        private long invoked;
        private long committedAtInvocation;
        private long toldAtInvocation;
        /** Whether what it does to the store is decided, be it nothing. */
        private boolean decided;

        private boolean over;
    }

    private final Random random;
    private final Flaw flaw;
    private final Trouble trouble;
    private final List<String> members;
    private final List<Operation> operations = new ArrayList<>();
    private final List<FaultEvent> faults = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final int clients;
    private final int[] processes;
    private final Map<String, Long> lastSeen = new HashMap<>();
    private final Map<Long, Flight> inFlight = new LinkedHashMap<>();
    private long now;
    private long eventNumber;
    private long nextId;
    private long nextValue;
    private int nextProcess;
    private boolean flawed;
    private boolean loaded;

    // The cluster of the current incarnation.
    private String incarnation = "cluster-1";
    private long revision = 1;
    private long told = 1;
    private long compacted;
    private final Map<String, List<Entry>> store = new TreeMap<>();
    private final long[] applied;
    private final long[] terms;
    private long term = 2;
    private final Set<Integer> down = new HashSet<>();
    private int leader;

    private SimulatedAttempt(long seed, Flaw flaw, Trouble trouble) {
        random = new Random(seed);
        this.flaw = flaw;
        this.trouble = trouble;
        members = random.nextBoolean()
                ? List.of("etcd-1", "etcd-2", "etcd-3")
                : List.of("etcd-1", "etcd-2", "etcd-3", "etcd-4", "etcd-5");
        clients = 2 + random.nextInt(7);
        processes = new int[clients];
        applied = new long[members.size()];
        terms = new long[members.size()];
    }

    /** What was recorded, and whether the flaw came to pass. */
    record Recorded(AttemptEvidence evidence, boolean flawed) {}

    static Recorded correct(long seed) {
        Random choice = new Random(~seed);
        return new SimulatedAttempt(
                        seed, Flaw.NONE, new Trouble(choice.nextInt(4) > 0, choice.nextInt(4), choice.nextInt(3) == 0))
                .run();
    }

    static Recorded of(long seed, Flaw flaw, Trouble trouble) {
        return new SimulatedAttempt(seed, flaw, trouble).run();
    }

    private Recorded run() {
        start();
        load(120_000 + random.nextInt(200_000));
        for (int number = 1; number <= trouble.faults(); number++) {
            fault(number, 30_000 + (long) number * 250_000);
        }
        if (trouble.faults() > 0) {
            load(300_000 + trouble.faults() * 250_000L + (flaw == Flaw.SLOW_ELECTION ? 2_000_000 : 0));
        }
        if (trouble.restore()) {
            restore();
        } else {
            endOfIncarnation();
        }
        faults.sort(Comparator.comparing(FaultEvent::at));
        observations.sort(Comparator.comparing(Observation::at));
        operations.sort(Comparator.comparing(Operation::id));
        return new Recorded(evidence(), flawed);
    }

    private AttemptEvidence evidence() {
        DrillPlan.Bound bound = new DrillPlan.Bound(OBJECTIVE, "made up");
        DrillPlan drill = new DrillPlan(
                "simulated",
                "simulated",
                "promise",
                "source",
                "recipe",
                members,
                "3.6.16",
                "simulation",
                List.of(),
                List.of("any"),
                new DrillPlan.Objectives(bound, bound),
                Optional.empty());
        AttemptPlan plan = new AttemptPlan("simulated", 1, "any", 0, List.of(), clients);
        Map<String, List<String>> logs = new HashMap<>();
        members.forEach(member -> logs.put(member, List.of(LIVE_LOG)));
        return new AttemptEvidence(
                drill, plan, operations, faults, observations, logs, Optional.of(new AttemptEvidence.End(true, "")));
    }

    // Incarnations.

    private void start() {
        leader = random.nextInt(members.size());
        for (int member = 0; member < members.size(); member++) {
            applied[member] = revision;
            terms[member] = term;
        }
        observations.add(new Observation.Formation(time(now), incarnation, true, Duration.ofMillis(40), "ready"));
        statuses();
    }

    private void restore() {
        String source = incarnation;
        int asked = random.nextInt(members.size());
        long snapshot = 0;
        for (int number = 1; number <= 3; number++) {
            long started = now;
            load(40_000);
            snapshot = applied[asked];
            load(40_000);
            observations.add(new Observation.Backup(
                    time(now),
                    time(started),
                    incarnation,
                    members.get(asked),
                    0,
                    Optional.of("snapshot-" + number + ".db"),
                    Optional.of(snapshot),
                    ""));
            load(20_000);
        }
        if (random.nextBoolean()) {
            endOfIncarnation();
        }
        inFlight.values().forEach(flight -> flight.over = true);
        inFlight.clear();
        events.clear();
        Map<String, KeyValue> kept = stateAt(snapshot);
        flawed |= flaw == Flaw.RESTORED_WITHOUT_BUMP || flaw == Flaw.RESTORED_INTO_THE_SAME_CLUSTER;
        long restoredRevision = snapshot + (flaw == Flaw.RESTORED_WITHOUT_BUMP ? 0 : BUMP);
        incarnation = "cluster-2";
        store.clear();
        kept.forEach((key, keyValue) ->
                store.put(key, new ArrayList<>(List.of(new Entry(keyValue.modRevision(), Optional.of(keyValue))))));
        revision = restoredRevision;
        told = restoredRevision;
        compacted = restoredRevision;
        lastSeen.clear();
        down.clear();
        now += 1_000;
        observations.add(new Observation.Restore(
                time(now), incarnation, source, "snapshot-3.db", Optional.of(snapshot), true, ""));
        now += 1_000;
        start();
        for (int member = 0; member < members.size(); member++) {
            observations.add(state(member, Incarnation.RESTORED));
            now += 10;
        }
        observations.add(new Observation.OldWatch(
                time(now), incarnation, members.get(0), 2, Optional.of(restoredRevision), 0, ""));
        load(100_000);
        endOfIncarnation();
    }

    private void endOfIncarnation() {
        long settled = now + 2 * DEADLINE;
        while (!events.isEmpty() && events.peek().at() <= settled) {
            step();
        }
        now = settled;
        for (int member = 0; member < members.size(); member++) {
            apply(member, revision);
            observations.add(state(member, Incarnation.END));
        }
    }

    private Observation.MemberState state(int member, String moment) {
        long atRevision = applied[member];
        boolean end = moment.equals(Incarnation.END);
        if (flaw == Flaw.LAGGING_MEMBER && end && member == 0 && atRevision > 1) {
            flawed = true;
            atRevision--;
        }
        Map<String, KeyValue> state = stateAt(atRevision);
        boolean loses = (flaw == Flaw.LOST_WRITE && end)
                || (flaw == Flaw.DIVERGED_MEMBER && end && member == 0)
                || (flaw == Flaw.KEY_NOT_RESTORED && moment.equals(Incarnation.RESTORED));
        if (loses && !state.isEmpty()) {
            flawed = true;
            state.remove(state.keySet().iterator().next());
        }
        return new Observation.MemberState(
                time(now),
                incarnation,
                moment,
                members.get(member),
                header(member, atRevision),
                Optional.of((long) state.hashCode()),
                1,
                List.copyOf(state.values()));
    }

    private Map<String, KeyValue> stateAt(long atRevision) {
        Map<String, KeyValue> state = new TreeMap<>();
        store.keySet().forEach(key -> at(key, atRevision).ifPresent(keyValue -> state.put(key, keyValue)));
        return state;
    }

    // Time.

    private void at(long time, Runnable action) {
        events.add(new Event(Math.max(time, now), eventNumber++, action));
    }

    private void step() {
        Event next = events.remove();
        now = next.at();
        if (random.nextInt(3) == 0) {
            int member = random.nextInt(members.size());
            if (!down.contains(member)) {
                apply(member, applied[member] + random.nextInt((int) Math.min(20, revision - applied[member]) + 1));
            }
        }
        next.action().run();
    }

    /** Runs on for a while, with load until then. */
    private void load(long length) {
        long until = now + length;
        loaded = true;
        for (int client = 0; client < clients; client++) {
            int asking = client;
            if (inFlight.values().stream().noneMatch(flight -> flight.client == asking)) {
                processes[client] = nextProcess++;
                int process = processes[client];
                at(now + random.nextInt(2_000), () -> invoke(asking, process));
            }
        }
        at(now + 10_000, () -> statusesUntil(until));
        while (!events.isEmpty() && events.peek().at() <= until) {
            step();
        }
        now = until;
        loaded = false;
        // Clients that are between two requests stop here.
        List<Flight> open = List.copyOf(inFlight.values());
        while (open.stream().anyMatch(flight -> !flight.over)) {
            step();
        }
    }

    private void statusesUntil(long until) {
        statuses();
        if (now + 10_000 < until) {
            at(now + 10_000, () -> statusesUntil(until));
        }
    }

    private void statuses() {
        for (int member = 0; member < members.size(); member++) {
            boolean alive = !down.contains(member);
            observations.add(new Observation.MemberStatus(
                    time(now),
                    incarnation,
                    members.get(member),
                    alive ? Optional.of(header(member, applied[member])) : Optional.empty(),
                    alive && leader >= 0 ? Optional.of(memberId(leader)) : Optional.empty(),
                    Optional.empty(),
                    0,
                    List.of()));
        }
    }

    static Duration time(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }

    private String memberId(int member) {
        return Integer.toHexString(0xa00 + 16 * incarnation.hashCode() % 7 + member);
    }

    private Header header(int member, long atRevision) {
        String cluster = flaw == Flaw.RESTORED_INTO_THE_SAME_CLUSTER ? "cluster-1" : incarnation;
        return new Header(cluster.replace("cluster-", "c1"), memberId(member), atRevision, terms[member]);
    }

    // Faults.

    private void fault(int number, long at) {
        String id = "fault-" + number;
        String kind = List.of("kill", "terminate", "power-loss").get(random.nextInt(3));
        int count = 1 + random.nextInt(members.size() - 1);
        List<Integer> order = new ArrayList<>();
        for (int member = 0; member < members.size(); member++) {
            order.add(member);
        }
        Collections.shuffle(order, random);
        List<Integer> hit = order.subList(0, count);
        List<String> names = hit.stream().map(members::get).toList();
        at(now + at, () -> {
            // The rig asks who is leader just before.
            statuses();
            event(id, kind, Phase.PLANNED, names);
            event(id, kind, Phase.INJECTED, names);
            at(now + random.nextInt(3_000), () -> kill(kind, hit));
            at(now + 4_000, () -> event(id, kind, Phase.SEEN, names));
            at(now + 100_000, () -> event(id, kind, Phase.LIFTED, names));
            at(now + 105_000, () -> revive(hit));
            at(now + 130_000, () -> {
                event(id, kind, Phase.GONE, names);
                Map<String, Duration> reads = new HashMap<>();
                members.forEach(member -> reads.put(member, Duration.ofMillis(20)));
                observations.add(new Observation.Recovery(
                        time(now),
                        id,
                        Optional.of(Duration.ofMillis(10)),
                        reads,
                        Optional.of(Duration.ofMillis(25)),
                        ""));
            });
        });
    }

    private void event(String id, String kind, Phase phase, List<String> names) {
        faults.add(new FaultEvent(time(now), id, kind, phase, names, ""));
    }

    private void kill(String kind, List<Integer> hit) {
        down.addAll(hit);
        hit.forEach(member -> observations.add(
                new Observation.MemberExit(time(now), members.get(member), true, OptionalInt.of(137))));
        for (Flight flight : List.copyOf(inFlight.values())) {
            if (hit.contains(flight.member)) {
                boolean lingers = random.nextBoolean();
                if (lingers && flight.request.mutates() && !flight.decided) {
                    at(now + random.nextInt(200_000), () -> takeEffectUntold(flight.request));
                }
                finish(flight, new Outcome.Unknown("connection reset"));
            }
        }
        if (hit.contains(leader) || !majority()) {
            flawed |= flaw == Flaw.SLOW_ELECTION
                    && hit.contains(leader)
                    && 2 * hit.size() < members.size()
                    && !kind.equals("power-loss");
            leader = -1;
            elect();
        }
    }

    private void revive(List<Integer> hit) {
        if (flaw == Flaw.LOST_IN_CRASH && !flawed) {
            rollBack();
        } else if (flaw == Flaw.COMPACTION_FORGOTTEN_IN_CRASH && compacted > 1) {
            compacted = 0;
        }
        down.removeAll(hit);
        // A member serves only after it has applied what was committed.
        hit.forEach(member -> apply(member, revision));
        if (leader < 0) {
            elect();
        }
    }

    private void rollBack() {
        Optional<Operation> last = operations.stream()
                .filter(Operation::acknowledgedWrite)
                .max(Comparator.comparingLong(SimulatedAttempt::revisionOf));
        if (last.isEmpty()) {
            return;
        }
        long lost = revisionOf(last.get());
        store.values().forEach(entries -> entries.removeIf(entry -> entry.revision() >= lost));
        revision = lost - 1;
        for (int member = 0; member < applied.length; member++) {
            applied[member] = Math.min(applied[member], revision);
        }
        flawed = true;
    }

    private static long revisionOf(Operation operation) {
        return ((Outcome.Ok) operation.outcome()).response().header().revision();
    }

    private void elect() {
        at(now + (flaw == Flaw.SLOW_ELECTION ? SLOW_ELECTION : ELECTION), () -> {
            if (leader < 0 && majority()) {
                do {
                    leader = random.nextInt(members.size());
                } while (down.contains(leader));
                term++;
                apply(leader, revision);
            }
        });
    }

    private boolean majority() {
        return 2 * (members.size() - down.size()) > members.size();
    }

    private void apply(int member, long upTo) {
        applied[member] = Math.max(applied[member], upTo);
        if (applied[member] == revision) {
            terms[member] = term;
        }
    }

    // Clients.

    private void invoke(int client, int process) {
        if (!loaded || processes[client] != process) {
            // Left over from an earlier phase of the load.
            return;
        }
        Flight flight = new Flight();
        flight.client = client;
        flight.member = random.nextInt(members.size());
        flight.id = nextId++;
        flight.request = request();
        flight.invoked = now;
        flight.committedAtInvocation = revision;
        flight.toldAtInvocation = told;
        inFlight.put(flight.id, flight);
        if (down.contains(flight.member)) {
            at(now + 200 + random.nextInt(2_000), () -> finish(flight, new Outcome.Failed("connection refused")));
            return;
        }
        if (trouble.unknownOutcomes() && random.nextInt(25) == 0) {
            flight.decided = true;
            at(now + 1 + random.nextInt(3_000), () -> finish(flight, new Outcome.Unknown("deadline exceeded")));
            if (flight.request.mutates() && random.nextBoolean()) {
                at(now + random.nextInt(80_000), () -> takeEffectUntold(flight.request));
            }
            return;
        }
        if (random.nextInt(40) == 0) {
            flight.decided = true;
            if (flaw == Flaw.FAILED_WRITE_TOOK_EFFECT && flight.request instanceof Request.Put put && !flawed) {
                flawed = true;
                takeEffectUntold(put);
            }
            at(now + 100, () -> finish(flight, new Outcome.Failed("etcdserver: too many requests")));
            return;
        }
        at(now + 100 + random.nextInt(2_000), () -> takeEffect(flight));
    }

    private Request request() {
        String key = "/k" + random.nextInt(5);
        long old = Math.max(1, told - random.nextInt(30) + random.nextInt(3));
        return switch (random.nextInt(13)) {
            case 0, 1, 2 -> new Request.Put(key, "v" + nextValue++);
            case 3 -> new Request.Delete(key);
            case 4, 5 -> new Request.Get(key, Consistency.LINEARIZABLE);
            case 6, 7 -> new Request.Get(key, Consistency.SERIALIZABLE);
            case 8, 9 ->
                new Request.GetAt(key, old, random.nextBoolean() ? Consistency.LINEARIZABLE : Consistency.SERIALIZABLE);
            case 10 -> new Request.Compact(old, random.nextBoolean());
            default -> new Request.OptimisticPut(key, lastSeen.getOrDefault(key, 0L), "v" + nextValue++);
        };
    }

    private void takeEffect(Flight flight) {
        if (flight.over) {
            return;
        }
        boolean serializable = (flight.request instanceof Request.Get get
                        && get.consistency() == Consistency.SERIALIZABLE)
                || (flight.request instanceof Request.GetAt old && old.consistency() == Consistency.SERIALIZABLE);
        if (!serializable && leader < 0) {
            boolean told = flaw == Flaw.ACKNOWLEDGED_WITHOUT_MAJORITY
                    && !majority()
                    && flight.request instanceof Request.Put
                    && seenAndNotLifted(flight);
            if (told) {
                flawed = true;
            } else if (now - flight.invoked > DEADLINE) {
                if (flight.request.mutates() && random.nextBoolean()) {
                    at(now + random.nextInt(100_000), () -> takeEffectUntold(flight.request));
                }
                finish(flight, new Outcome.Unknown("deadline exceeded"));
                return;
            } else {
                at(now + 1_000, () -> takeEffect(flight));
                return;
            }
        }
        flight.decided = true;
        Outcome outcome = flight.request instanceof Request.GetAt old
                ? getAt(flight, old)
                : flight.request instanceof Request.Compact compact
                        ? compact(flight.member, compact)
                        : new Outcome.Ok(respond(flight));
        at(now + random.nextInt(500), () -> finish(flight, outcome));
    }

    private boolean seenAndNotLifted(Flight flight) {
        FaultEvent last = faults.get(faults.size() - 1);
        return last.kind().equals("kill")
                && last.phase() == Phase.SEEN
                && time(flight.invoked).compareTo(last.at()) > 0
                && time(now + 500).compareTo(last.at().plus(Duration.ofMillis(96))) < 0;
    }

    private void finish(Flight flight, Outcome outcome) {
        if (flight.over) {
            return;
        }
        flight.over = true;
        inFlight.remove(flight.id);
        int process = processes[flight.client];
        operations.add(new Operation(
                flight.id,
                process,
                incarnation,
                members.get(flight.member),
                flight.request,
                time(flight.invoked),
                Optional.of(time(now)),
                outcome));
        if (outcome instanceof Outcome.Ok ok) {
            told = Math.max(told, ok.response().header().revision());
            learn(flight.request, ok.response());
        } else if (outcome instanceof Outcome.Unknown) {
            processes[flight.client] = nextProcess++;
        }
        int next = processes[flight.client];
        at(now + 1 + random.nextInt(5_000), () -> invoke(flight.client, next));
    }

    private void learn(Request request, Response response) {
        if (response instanceof Response.Get get) {
            lastSeen.put(
                    request.key(), get.keyValue().map(KeyValue::modRevision).orElse(0L));
        } else if (response instanceof Response.OptimisticPut put && !put.succeeded()) {
            lastSeen.put(request.key(), put.current().map(KeyValue::modRevision).orElse(0L));
        } else if (response instanceof Response.Put put) {
            lastSeen.put(request.key(), put.header().revision());
        }
    }

    // The store.

    private Optional<KeyValue> at(String key, long atRevision) {
        List<Entry> entries = store.getOrDefault(key, List.of());
        for (int index = entries.size() - 1; index >= 0; index--) {
            if (entries.get(index).revision() <= atRevision) {
                return entries.get(index).keyValue();
            }
        }
        return Optional.empty();
    }

    private void put(String key, String value) {
        Optional<KeyValue> before = at(key, revision);
        revision++;
        KeyValue after = before.map(old -> new KeyValue(key, value, old.createRevision(), revision, old.version() + 1))
                .orElse(new KeyValue(key, value, revision, revision, 1));
        store.computeIfAbsent(key, unused -> new ArrayList<>()).add(new Entry(revision, Optional.of(after)));
    }

    private boolean delete(String key) {
        if (at(key, revision).isEmpty()) {
            return false;
        }
        revision++;
        store.get(key).add(new Entry(revision, Optional.empty()));
        return true;
    }

    private long modRevision(String key) {
        return at(key, revision).map(KeyValue::modRevision).orElse(0L);
    }

    private void takeEffectUntold(Request request) {
        if (leader < 0) {
            return;
        }
        if (request instanceof Request.Put put) {
            put(put.key(), put.value());
        } else if (request instanceof Request.Delete delete) {
            delete(delete.key());
        } else if (request instanceof Request.OptimisticPut put
                && modRevision(put.key()) == put.expectedModRevision()) {
            put(put.key(), put.value());
        } else if (request instanceof Request.Compact compact && compact.revision() <= revision) {
            compacted = Math.max(compacted, compact.revision());
        }
    }

    private Outcome compact(int member, Request.Compact compact) {
        if (compact.revision() > revision) {
            return refused(RevisionRefusal.FUTURE);
        } else if (compact.revision() <= compacted) {
            return refused(RevisionRefusal.COMPACTED);
        }
        compacted = compact.revision();
        return new Outcome.Ok(new Response.Compact(headerNow(member)));
    }

    private static Outcome refused(RevisionRefusal refusal) {
        return new Outcome.Failed("OUT_OF_RANGE: " + refusal.error());
    }

    private Outcome getAt(Flight flight, Request.GetAt get) {
        int member = flight.member;
        boolean linearizable = get.consistency() == Consistency.LINEARIZABLE;
        if (linearizable) {
            apply(member, revision);
        }
        if (get.revision() > applied[member]) {
            return refused(RevisionRefusal.FUTURE);
        }
        if (flaw == Flaw.REFUSED_AS_FUTURE
                && linearizable
                && !flawed
                && get.revision() <= flight.toldAtInvocation
                && get.revision() >= compacted) {
            flawed = true;
            return refused(RevisionRefusal.FUTURE);
        }
        if (get.revision() < compacted) {
            // A member that lags may not have heard of the compaction yet, if nobody asks it to make sure.
            boolean lags = !linearizable && random.nextBoolean();
            if (flaw == Flaw.COMPACTED_REVISION_ANSWERED
                    && linearizable
                    && acknowledgedCompaction(flight, get.revision())) {
                flawed = true;
            } else if (!lags) {
                return refused(RevisionRefusal.COMPACTED);
            }
        } else if (flaw == Flaw.REFUSED_WITHOUT_COMPACTION && !flawed && compacted == 0 && noneAskedFor()) {
            flawed = true;
            return refused(RevisionRefusal.COMPACTED);
        }
        if (flaw == Flaw.COMPACTION_FORGOTTEN_IN_CRASH
                && linearizable
                && acknowledgedCompaction(flight, get.revision())) {
            flawed = true;
        }
        Optional<KeyValue> shown = at(get.key(), get.revision());
        if (flaw == Flaw.COMPACTION_TOOK_A_KEY && shown.isPresent() && compacted > 0 && get.revision() >= compacted) {
            flawed = true;
            shown = Optional.empty();
        }
        return new Outcome.Ok(new Response.GetAt(header(member, applied[member]), shown));
    }

    /** Whether, before the request, somebody had been told that the revision was compacted. */
    private boolean acknowledgedCompaction(Flight flight, long old) {
        return operations.stream()
                .anyMatch(before -> before.request() instanceof Request.Compact compact
                        && compact.revision() > old
                        && before.incarnation().equals(incarnation)
                        && before.outcome() instanceof Outcome.Ok
                        && before.returned().orElseThrow().compareTo(time(flight.invoked)) < 0);
    }

    private boolean noneAskedFor() {
        return inFlight.values().stream().noneMatch(flight -> flight.request instanceof Request.Compact)
                && operations.stream().noneMatch(operation -> operation.request() instanceof Request.Compact);
    }

    private Response respond(Flight flight) {
        int member = flight.member;
        if (flight.request instanceof Request.Put put) {
            put(put.key(), put.value());
            Header header = headerNow(member);
            if (flaw == Flaw.DOUBLE_APPLY && !flawed) {
                flawed = true;
                put(put.key(), put.value());
            }
            if (flaw == Flaw.DUPLICATE_REVISION && !flawed && revision > 2) {
                flawed = true;
                header = header(member, revision - 1);
            } else if (flaw == Flaw.OTHER_CLUSTER && !flawed && !operations.isEmpty()) {
                flawed = true;
                header = new Header("other", header.memberId(), header.revision(), header.term());
            }
            return new Response.Put(header);
        } else if (flight.request instanceof Request.Delete delete) {
            boolean deleted = delete(delete.key());
            if (flaw == Flaw.DELETE_NOT_COUNTED && deleted && !flawed) {
                flawed = true;
                deleted = false;
            }
            return new Response.Delete(headerNow(member), deleted ? 1 : 0);
        } else if (flight.request instanceof Request.OptimisticPut put) {
            return optimisticPut(member, put);
        }
        return get(flight, (Request.Get) flight.request);
    }

    private Header headerNow(int member) {
        apply(member, revision);
        return header(member, revision);
    }

    private Response optimisticPut(int member, Request.OptimisticPut put) {
        boolean holds = modRevision(put.key()) == put.expectedModRevision();
        if (flaw == Flaw.COMPARE_IGNORED && !holds && !flawed) {
            flawed = true;
            holds = true;
        } else if (flaw == Flaw.COMPARE_WRONGLY_REFUSED && holds && !flawed) {
            flawed = true;
            holds = false;
        }
        if (holds) {
            put(put.key(), put.value());
            return new Response.OptimisticPut(headerNow(member), true, Optional.empty());
        }
        return new Response.OptimisticPut(headerNow(member), false, at(put.key(), revision));
    }

    private Response get(Flight flight, Request.Get get) {
        int member = flight.member;
        long atRevision = applied[member];
        if (get.consistency() == Consistency.LINEARIZABLE) {
            long lowest = Math.max(applied[member], Math.min(flight.committedAtInvocation, revision));
            atRevision = lowest + random.nextInt((int) (revision - lowest) + 1);
            if (flaw == Flaw.STALE_LINEARIZABLE_READ && !flawed && flight.toldAtInvocation > 2) {
                flawed = true;
                atRevision = flight.toldAtInvocation - 1;
            }
            apply(member, atRevision);
        } else if (flaw == Flaw.MEMBER_GOES_BACK && !flawed && answeredBefore(flight) > 2) {
            flawed = true;
            atRevision = answeredBefore(flight) - 1;
        }
        Header header = header(member, atRevision);
        if (flaw == Flaw.TERM_GOES_BACK && !flawed && answeredBefore(flight) > 0) {
            flawed = true;
            header = new Header(header.clusterId(), header.memberId(), header.revision(), header.term() - 1);
        }
        Optional<KeyValue> shown = at(get.key(), atRevision);
        return new Response.Get(header, flawed(get.key(), shown));
    }

    private Optional<KeyValue> flawed(String key, Optional<KeyValue> shown) {
        if (flawed || shown.isEmpty()) {
            return shown;
        }
        KeyValue right = shown.get();
        Optional<KeyValue> wrong = Optional.empty();
        if (flaw == Flaw.OLD_VALUE_AT_NEW_REVISION && acknowledged(right)) {
            wrong = at(key, right.modRevision() - 1);
        } else if (flaw == Flaw.PHANTOM_VALUE) {
            wrong = Optional.of(
                    new KeyValue(key, "nobody's", right.createRevision(), right.modRevision(), right.version()));
        } else if (flaw == Flaw.WRONG_VERSION) {
            wrong = Optional.of(
                    new KeyValue(key, right.value(), right.createRevision(), right.modRevision(), right.version() + 1));
        } else if (flaw == Flaw.WRONG_CREATE_REVISION && right.version() > 1) {
            wrong = Optional.of(
                    new KeyValue(key, right.value(), right.createRevision() - 1, right.modRevision(), right.version()));
        }
        flawed = wrong.isPresent();
        return wrong.isPresent() ? wrong : shown;
    }

    /** Whether the writer of a value was told of it: else nobody can say that it must be seen. */
    private boolean acknowledged(KeyValue keyValue) {
        return operations.stream()
                .anyMatch(operation -> operation.acknowledgedWrite()
                        && operation.request().key().equals(keyValue.key())
                        && revisionOf(operation) == keyValue.modRevision());
    }

    /** The highest revision that the member gave to a client before this one asked. */
    private long answeredBefore(Flight flight) {
        String member = members.get(flight.member);
        return operations.stream()
                .filter(operation -> operation.member().equals(member)
                        && operation.incarnation().equals(incarnation)
                        && operation.outcome() instanceof Outcome.Ok
                        && operation.returned().orElseThrow().compareTo(time(flight.invoked)) < 0)
                .mapToLong(SimulatedAttempt::revisionOf)
                .max()
                .orElse(0);
    }
}
