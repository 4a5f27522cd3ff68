package dev.etcddrill.report;

import dev.etcddrill.check.AttemptEvidence;
import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
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
import java.util.OptionalInt;
import java.util.Random;

/**
 * Makes the record of an attempt as a real cluster would leave it: clients in a loop, members that are killed and come
 * back, elections of 1.0 to 1.6 s, requests that fail or stay unknown meanwhile. The same seed gives the same record.
 */
final class SyntheticAttempt {
    private static final String INCARNATION = "first";
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private final DrillPlan drill;
    private final AttemptPlan plan;
    private final Duration length;
    private final int operationsPerSecond;
    private final Random random;
    private final List<Kill> kills = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();
    private final List<FaultEvent> faults = new ArrayList<>();
    private final List<NoWrites> noWrites = new ArrayList<>();
    private boolean interrupted;

    private record Kill(double at, double back, List<String> members, String kind) {}

    /** A stretch without a leader or a majority. */
    private record NoWrites(double from, double to) {}

    SyntheticAttempt(DrillPlan drill, AttemptPlan plan, Duration length, int operationsPerSecond) {
        this.drill = drill;
        this.plan = plan;
        this.length = length;
        this.operationsPerSecond = operationsPerSecond;
        this.random = new Random(plan.seed());
    }

    /** Kills the first members of the drill, the first of them being leader. */
    SyntheticAttempt kill(String kind, double at, double back, int members) {
        kills.add(new Kill(at, back, drill.members().subList(0, members), kind));
        return this;
    }

    SyntheticAttempt observe(Observation observation) {
        observations.add(observation);
        return this;
    }

    /** The record breaks off in the middle, as after kill -9. */
    SyntheticAttempt interrupted() {
        interrupted = true;
        return this;
    }

    AttemptEvidence record() {
        injectFaults();
        watchMembers();
        List<Operation> operations = operations();
        double end = seconds(length) * (interrupted ? 0.5 : 1);
        observations.sort(Comparator.comparing(Observation::at));
        faults.sort(Comparator.comparing(FaultEvent::at));
        Map<String, List<String>> logs = new HashMap<>();
        drill.members().forEach(member -> logs.put(member, List.of()));
        return new AttemptEvidence(
                drill,
                plan,
                operations.stream()
                        .filter(operation -> seconds(operation.invoked()) < end)
                        .map(operation -> cut(operation, end))
                        .toList(),
                faults.stream().filter(event -> seconds(event.at()) < end).toList(),
                observations.stream()
                        .filter(observation -> seconds(observation.at()) < end)
                        .toList(),
                logs,
                interrupted ? Optional.empty() : Optional.of(new AttemptEvidence.End(true, "")));
    }

    private Operation cut(Operation operation, double end) {
        if (!interrupted || operation.returned().filter(at -> seconds(at) < end).isPresent()) {
            return operation;
        }
        return new Operation(
                operation.id(),
                operation.process(),
                operation.incarnation(),
                operation.member(),
                operation.request(),
                operation.invoked(),
                Optional.empty(),
                new Outcome.Unknown("the record ends before the return"));
    }

    private void injectFaults() {
        int number = 0;
        for (Kill kill : kills) {
            number++;
            String id = drill.title().replace(' ', '-') + "-" + number;
            fault(kill.at() - 0.8, id, kill, Phase.PLANNED, "after the 300th acknowledged write");
            fault(kill.at(), id, kill, Phase.INJECTED, kill.members().get(0) + " is leader");
            fault(kill.at() + 0.03, id, kill, Phase.SEEN, "process gone, port refuses");
            fault(kill.back(), id, kill, Phase.LIFTED, "");
            fault(kill.back() + 0.6, id, kill, Phase.GONE, "linearizable read answered on every member");
            for (String member : kill.members()) {
                observations.add(new Observation.MemberExit(
                        time(kill.at() + 0.01),
                        member,
                        true,
                        OptionalInt.of(kill.kind().equals("terminate") ? 143 : 137)));
            }
            boolean majority = kill.members().size() * 2 < drill.members().size();
            double gap = kill.kind().equals("terminate") ? 0.03 : 1.0 + random.nextDouble() * 0.6;
            noWrites.add(new NoWrites(kill.at(), (majority ? kill.at() : kill.back() + 0.3) + gap));
            observations.add(new Observation.Recovery(
                    time(kill.back() + 0.9),
                    id,
                    Optional.of(time(0.05 + random.nextDouble() / 10)),
                    Map.of(drill.members().get(0), time(0.4)),
                    Optional.of(time(0.8)),
                    ""));
        }
    }

    private void fault(double at, String id, Kill kill, Phase phase, String detail) {
        faults.add(new FaultEvent(time(at), id, kill.kind(), phase, kill.members(), detail));
    }

    private void watchMembers() {
        for (double at = 0.1; at < seconds(length); at += 0.5) {
            int elections = 0;
            for (NoWrites stretch : noWrites) {
                elections += stretch.to() <= at ? 1 : 0;
            }
            String leader = drill.members().get(elections % drill.members().size());
            boolean leaderless = noWrites(at) != null;
            for (String member : drill.members()) {
                boolean down = down(member, at);
                observations.add(new Observation.MemberStatus(
                        time(at),
                        INCARNATION,
                        member,
                        down ? Optional.empty() : Optional.of(header(member, 1000 + (long) (at * 100), 2 + elections)),
                        down || leaderless ? Optional.empty() : Optional.of(id(leader)),
                        down ? Optional.empty() : Optional.of(drill.etcdVersion()),
                        20_480,
                        List.of()));
            }
        }
    }

    private List<Operation> operations() {
        record Draft(double at, double took, int client, String member, Request request, Outcome outcome) {}
        List<Draft> drafts = new ArrayList<>();
        int values = 0;
        double pause = plan.clients() / (double) operationsPerSecond;
        for (int client = 0; client < plan.clients(); client++) {
            double at = 0.3 + random.nextDouble() * pause;
            while (at < seconds(length) - 0.2) {
                String member =
                        drill.members().get(random.nextInt(drill.members().size()));
                values++;
                Request request = request(client + "-" + values);
                double took = 0.0016 * Math.exp(Math.abs(random.nextGaussian()) * 0.7);
                Outcome outcome = null;
                NoWrites stretch = noWrites(at);
                boolean serializable =
                        request instanceof Request.Get get && get.consistency() == Request.Consistency.SERIALIZABLE;
                if (down(member, at)) {
                    outcome = new Outcome.Failed("connection refused");
                    took = 0.0004 + random.nextDouble() / 2000;
                } else if (stretch != null && !serializable) {
                    double wait = stretch.to() - at + random.nextDouble() / 20;
                    if (wait > seconds(DEADLINE)) {
                        took = seconds(DEADLINE) + random.nextDouble() / 100;
                        outcome = new Outcome.Unknown("deadline exceeded after 3 s");
                    } else {
                        took = wait;
                        outcome = random.nextInt(3) == 0 ? new Outcome.Unknown("etcdserver: leader changed") : null;
                    }
                } else if (serializable) {
                    took /= 3;
                }
                drafts.add(new Draft(at, took, client, member, request, outcome));
                at += took + pause * (0.5 + random.nextDouble()) + (outcome == null ? 0 : 0.05);
            }
        }
        drafts.sort(Comparator.comparingDouble(Draft::at));
        List<Operation> operations = new ArrayList<>();
        Map<Integer, Integer> process = new HashMap<>();
        int processes = plan.clients();
        long revision = 1000;
        for (Draft draft : drafts) {
            revision += draft.request().mutates() ? 1 : 0;
            Outcome outcome = draft.outcome() != null
                    ? draft.outcome()
                    : new Outcome.Ok(answer(draft.request(), header(draft.member(), revision, 2)));
            operations.add(new Operation(
                    operations.size() + 1,
                    process.getOrDefault(draft.client(), draft.client()),
                    INCARNATION,
                    draft.member(),
                    draft.request(),
                    time(draft.at()),
                    Optional.of(time(draft.at() + draft.took())),
                    outcome));
            if (outcome instanceof Outcome.Unknown) {
                process.put(draft.client(), processes++);
            }
        }
        return operations;
    }

    private Request request(String value) {
        String key = "/registry/pods/default/pod-" + random.nextInt(50);
        int dice = random.nextInt(100);
        if (dice < 35) {
            return new Request.Put(key, value);
        } else if (dice < 55) {
            return new Request.OptimisticPut(key, 900 + random.nextInt(100), value);
        } else if (dice < 60) {
            return new Request.Delete(key);
        }
        return new Request.Get(key, dice < 82 ? Request.Consistency.LINEARIZABLE : Request.Consistency.SERIALIZABLE);
    }

    private Response answer(Request request, Header header) {
        KeyValue found = new KeyValue(request.key(), "older", 800, 900, 3);
        if (request instanceof Request.Put) {
            return new Response.Put(header);
        } else if (request instanceof Request.Delete) {
            return new Response.Delete(header, random.nextInt(2));
        } else if (request instanceof Request.OptimisticPut) {
            boolean succeeded = random.nextInt(10) > 0;
            return new Response.OptimisticPut(header, succeeded, succeeded ? Optional.empty() : Optional.of(found));
        }
        return new Response.Get(header, random.nextInt(5) > 0 ? Optional.of(found) : Optional.empty());
    }

    private boolean down(String member, double at) {
        return kills.stream()
                .anyMatch(kill -> kill.members().contains(member) && at >= kill.at() && at < kill.back() + 0.3);
    }

    private NoWrites noWrites(double at) {
        return noWrites.stream()
                .filter(stretch -> at >= stretch.from() && at < stretch.to())
                .findFirst()
                .orElse(null);
    }

    static Header header(String member, long revision, long term) {
        return new Header("c1a55e5", id(member), revision, term);
    }

    static String id(String member) {
        return Integer.toHexString(member.hashCode());
    }

    static Duration time(double seconds) {
        return Duration.ofNanos(Math.round(Math.max(0, seconds) * 1e9));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
