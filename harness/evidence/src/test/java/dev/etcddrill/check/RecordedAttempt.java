package dev.etcddrill.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Request.Consistency;
import dev.etcddrill.history.Response;
import dev.etcddrill.plan.AttemptPlan;
import dev.etcddrill.plan.DrillPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes an attempt down by hand: three members, times in milliseconds, every operation of a process of its own. */
final class RecordedAttempt {
    static final List<String> MEMBERS = List.of("etcd-1", "etcd-2", "etcd-3");
    static final Duration WRITE_GAP = Duration.ofSeconds(3);
    static final Duration FULL_HEALTH = Duration.ofSeconds(30);

    private final List<Operation> operations = new ArrayList<>();
    private final List<FaultEvent> faults = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();
    private final Map<String, List<String>> logs = new HashMap<>();
    private String incarnation = "cluster-1";
    private Optional<AttemptEvidence.End> end = Optional.of(new AttemptEvidence.End(true, ""));
    private int clients = 1;
    private String coverageClass = "the class";

    /** What is recorded from here on belongs to another incarnation. */
    RecordedAttempt in(String name) {
        incarnation = name;
        return this;
    }

    RecordedAttempt clients(int number) {
        clients = number;
        return this;
    }

    RecordedAttempt coverageClass(String name) {
        coverageClass = name;
        return this;
    }

    RecordedAttempt brokenOff() {
        end = Optional.empty();
        return this;
    }

    static Duration ms(long milliseconds) {
        return Duration.ofMillis(milliseconds);
    }

    /** A key that was put once, by the write of that revision. */
    static KeyValue fresh(String key, String value, long revision) {
        return new KeyValue(key, value, revision, revision, 1);
    }

    String memberId(String member) {
        return member.replace("etcd-", "a") + incarnation.replace("cluster-", "");
    }

    Header header(String member, long revision) {
        return new Header("c" + incarnation.replace("cluster-", ""), memberId(member), revision, 2);
    }

    // Operations.

    RecordedAttempt operation(String member, long invoked, long returned, Request request, Outcome outcome) {
        int number = operations.size() + 1;
        operations.add(new Operation(
                number, number, incarnation, member, request, ms(invoked), Optional.of(ms(returned)), outcome));
        return this;
    }

    RecordedAttempt ok(String member, long invoked, long returned, Request request, Response response) {
        return operation(member, invoked, returned, request, new Outcome.Ok(response));
    }

    RecordedAttempt put(String member, long invoked, long returned, String key, String value, long revision) {
        return ok(member, invoked, returned, new Request.Put(key, value), new Response.Put(header(member, revision)));
    }

    RecordedAttempt delete(String member, long invoked, long returned, String key, long deleted, long revision) {
        return ok(
                member,
                invoked,
                returned,
                new Request.Delete(key),
                new Response.Delete(header(member, revision), deleted));
    }

    RecordedAttempt get(String member, long invoked, long returned, KeyValue shown, long revision) {
        return get(member, invoked, returned, shown.key(), Consistency.LINEARIZABLE, Optional.of(shown), revision);
    }

    RecordedAttempt getAbsent(String member, long invoked, long returned, String key, long revision) {
        return get(member, invoked, returned, key, Consistency.LINEARIZABLE, Optional.empty(), revision);
    }

    RecordedAttempt serializableGet(String member, long invoked, long returned, KeyValue shown, long revision) {
        return get(member, invoked, returned, shown.key(), Consistency.SERIALIZABLE, Optional.of(shown), revision);
    }

    RecordedAttempt get(
            String member,
            long invoked,
            long returned,
            String key,
            Consistency consistency,
            Optional<KeyValue> shown,
            long revision) {
        return ok(
                member,
                invoked,
                returned,
                new Request.Get(key, consistency),
                new Response.Get(header(member, revision), shown));
    }

    /** The compare held. */
    RecordedAttempt update(
            String member, long invoked, long returned, String key, long expected, String value, long revision) {
        return ok(
                member,
                invoked,
                returned,
                new Request.OptimisticPut(key, expected, value),
                new Response.OptimisticPut(header(member, revision), true, Optional.empty()));
    }

    /** The compare did not hold. */
    RecordedAttempt refusedUpdate(
            String member,
            long invoked,
            long returned,
            String key,
            long expected,
            String value,
            Optional<KeyValue> current,
            long revision) {
        return ok(
                member,
                invoked,
                returned,
                new Request.OptimisticPut(key, expected, value),
                new Response.OptimisticPut(header(member, revision), false, current));
    }

    RecordedAttempt unknown(String member, long invoked, Request request) {
        return operation(member, invoked, invoked + 1_000, request, new Outcome.Unknown("deadline exceeded"));
    }

    RecordedAttempt failed(String member, long invoked, Request request) {
        return operation(member, invoked, invoked + 1, request, new Outcome.Failed("connection refused"));
    }

    /** Puts one after the other on one member, each 5 ms long, of consecutive revisions and keys of their own. */
    RecordedAttempt puts(String member, long from, long to, int count, long firstRevision) {
        for (int number = 0; number < count; number++) {
            long invoked = from + number * (to - from) / count;
            put(
                    member,
                    invoked,
                    invoked + 5,
                    "/" + member + "/" + from + "/" + number,
                    "v" + (firstRevision + number),
                    firstRevision + number);
        }
        return this;
    }

    // Faults and observations.

    RecordedAttempt fault(String id, String kind, FaultEvent.Phase phase, long at, String... members) {
        faults.add(new FaultEvent(ms(at), id, kind, phase, List.of(members), ""));
        return this;
    }

    /** A whole life: planned and injected, seen 10 ms later, lifted and gone 50 ms after that. */
    RecordedAttempt fault(String id, String kind, long injected, long lifted, String... members) {
        return fault(id, kind, FaultEvent.Phase.PLANNED, injected, members)
                .fault(id, kind, FaultEvent.Phase.INJECTED, injected, members)
                .fault(id, kind, FaultEvent.Phase.SEEN, injected + 10, members)
                .fault(id, kind, FaultEvent.Phase.LIFTED, lifted, members)
                .fault(id, kind, FaultEvent.Phase.GONE, lifted + 50, members);
    }

    /** A whole life of a fault of links: seen 10 ms after it was injected. */
    RecordedAttempt linkFault(
            String id, String kind, Map<String, String> parameters, long injected, long lifted, String... links) {
        List<String> ends = List.of(links).stream()
                .flatMap(link -> List.of(link.split(" -> ", -1)).stream())
                .filter(end -> !end.equals("clients"))
                .distinct()
                .sorted()
                .toList();
        Map<FaultEvent.Phase, Long> times = Map.of(
                FaultEvent.Phase.PLANNED, injected,
                FaultEvent.Phase.INJECTED, injected,
                FaultEvent.Phase.SEEN, injected + 10,
                FaultEvent.Phase.LIFTED, lifted,
                FaultEvent.Phase.GONE, lifted + 50);
        times.forEach((phase, at) ->
                faults.add(new FaultEvent(ms(at), id, kind, phase, ends, List.of(links), parameters, "")));
        faults.sort(Comparator.comparing(FaultEvent::at).thenComparing(FaultEvent::phase));
        return this;
    }

    RecordedAttempt setting(String member, String name, String value) {
        return observe(new Observation.Setting(ms(0), incarnation, member, name, value));
    }

    /** A status of a member that follows nobody. */
    RecordedAttempt leaderless(long at, String member, long revision) {
        return observe(new Observation.MemberStatus(
                ms(at),
                incarnation,
                member,
                Optional.of(header(member, revision)),
                Optional.empty(),
                Optional.empty(),
                0,
                List.of()));
    }

    RecordedAttempt observe(Observation observation) {
        observations.add(observation);
        return this;
    }

    RecordedAttempt stall(long until, long length) {
        return observe(new Observation.HostStall(ms(until), ms(length)));
    }

    RecordedAttempt status(long at, String member, long revision, String leader) {
        return observe(new Observation.MemberStatus(
                ms(at),
                incarnation,
                member,
                Optional.of(header(member, revision)),
                Optional.of(memberId(leader)),
                Optional.empty(),
                0,
                List.of()));
    }

    RecordedAttempt formed(long at, boolean ready, long took, String detail) {
        return observe(new Observation.Formation(ms(at), incarnation, ready, ms(took), detail));
    }

    RecordedAttempt state(String moment, String member, long at, long revision, KeyValue... keyValues) {
        return state(
                moment,
                member,
                at,
                revision,
                Optional.of((long) List.of(keyValues).hashCode()),
                0,
                keyValues);
    }

    RecordedAttempt state(
            String moment,
            String member,
            long at,
            long revision,
            Optional<Long> hash,
            long compactRevision,
            KeyValue... keyValues) {
        return observe(new Observation.MemberState(
                ms(at),
                incarnation,
                moment,
                member,
                header(member, revision),
                hash,
                compactRevision,
                List.of(keyValues)));
    }

    /** The same final state on every member. */
    RecordedAttempt end(long at, long revision, KeyValue... keyValues) {
        MEMBERS.forEach(member -> state(Incarnation.END, member, at, revision, keyValues));
        return this;
    }

    RecordedAttempt log(String member, String... lines) {
        logs.put(member, List.of(lines));
        return this;
    }

    AttemptEvidence evidence() {
        DrillPlan drill = new DrillPlan(
                "drill",
                "drill",
                "promise",
                "source",
                "recipe",
                MEMBERS,
                "3.6.16",
                "sandbox",
                List.of(),
                List.of(coverageClass),
                new DrillPlan.Objectives(
                        new DrillPlan.Bound(WRITE_GAP, "stated in the recipe"),
                        new DrillPlan.Bound(FULL_HEALTH, "stated in the recipe")),
                Optional.empty());
        observations.sort(Comparator.comparing(Observation::at));
        faults.sort(Comparator.comparing(FaultEvent::at).thenComparing(FaultEvent::phase));
        operations.sort(Comparator.comparing(Operation::invoked).thenComparing(Operation::id));
        return new AttemptEvidence(
                drill,
                new AttemptPlan("drill", 1, coverageClass, 7, List.of(), clients),
                operations,
                faults,
                observations,
                logs,
                end);
    }

    // What a check says of it.

    private CheckResult judge(String check) {
        CheckResult result = Checks.judge(check, evidence());
        assertThat(result.check()).isEqualTo(check);
        return result;
    }

    void passes(String check) {
        assertThat(judge(check).verdict()).isInstanceOf(Verdict.Pass.class);
    }

    /** Fails with a reason that has all the words in it. */
    CheckResult fails(String check, String... words) {
        return judged(check, Verdict.Fail.class, words);
    }

    CheckResult isInconclusive(String check, String... words) {
        return judged(check, Verdict.Inconclusive.class, words);
    }

    private CheckResult judged(String check, Class<? extends Verdict> verdict, String... words) {
        CheckResult result = judge(check);
        assertThat(result.verdict()).isInstanceOf(verdict);
        assertThat(result.verdict().reasons())
                .as("a reason with all of: %s", List.of(words))
                .anySatisfy(reason -> assertThat(reason).contains(words));
        return result;
    }
}
