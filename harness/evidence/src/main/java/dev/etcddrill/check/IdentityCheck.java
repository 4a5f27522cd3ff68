package dev.etcddrill.check;

import dev.etcddrill.history.FaultEvent;
import dev.etcddrill.history.Header;
import dev.etcddrill.history.Observation;
import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One cluster, the same members, and no member goes back in revision or term.
 *
 * <p>This holds across restarts too, also for serializable reads: etcd serves no client before it has published itself
 * through Raft, and so has applied everything committed before (etcd server.go {@code publishV3}, embed/serve.go
 * {@code ReadyNotify}; seen on 3.6.16: a lone restarted member of three answers nothing).
 */
public final class IdentityCheck implements Check {
    /** An answer of a member; {@link #asked} is empty where only the time of the answer is known. */
    private record Answer(
            Optional<Duration> asked, Duration answered, Header header, Optional<Operation> operation, String what) {}

    @Override
    public String id() {
        return "identity";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "Every member answers for the same cluster under its own id, and its revision and term never fall.",
                "etcd docs, learning/api: response header; learning/data_model: revisions are monotonic over the"
                        + " cluster's life");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        long answers = 0;
        for (Incarnation incarnation : Incarnation.of(evidence)) {
            Map<String, List<Answer>> byMember = answers(incarnation);
            List<Answer> all = byMember.values().stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparing(Answer::answered))
                    .toList();
            if (all.isEmpty()) {
                continue;
            }
            answers += all.size();
            oneCluster(incarnation, all, findings);
            byMember.forEach((member, own) -> {
                oneMember(member, own, replacements(member, evidence), findings);
                neverFalls(member, own, findings);
            });
            differentMembers(incarnation, byMember, findings);
            findings.evidence(incarnation.name() + ": cluster id "
                    + all.get(0).header().clusterId() + " in " + Wording.count(all.size(), "answer") + " of "
                    + Wording.count(byMember.size(), "member"));
        }
        if (answers == 0) {
            findings.inconclusive("No member's answer was recorded.");
        }
        return findings.result();
    }

    private static Map<String, List<Answer>> answers(Incarnation incarnation) {
        Map<String, List<Answer>> byMember = new LinkedHashMap<>();
        for (Operation operation : incarnation.operations()) {
            if (operation.outcome() instanceof Outcome.Ok ok) {
                byMember.computeIfAbsent(operation.member(), unused -> new ArrayList<>())
                        .add(new Answer(
                                Optional.of(operation.invoked()),
                                operation.returned().orElseThrow(),
                                ok.response().header(),
                                Optional.of(operation),
                                ""));
            }
        }
        for (Observation.MemberStatus status : incarnation.statuses()) {
            status.header()
                    .ifPresent(header -> byMember.computeIfAbsent(status.member(), unused -> new ArrayList<>())
                            .add(new Answer(
                                    Optional.empty(),
                                    status.at(),
                                    header,
                                    Optional.empty(),
                                    "the status of " + status.member() + " at " + Wording.time(status.at()))));
        }
        for (Observation.MemberState state : incarnation.states()) {
            byMember.computeIfAbsent(state.member(), unused -> new ArrayList<>())
                    .add(new Answer(
                            Optional.empty(),
                            state.at(),
                            state.header(),
                            Optional.empty(),
                            "the state of " + state.member() + " at " + Wording.time(state.at())));
        }
        byMember.values().forEach(list -> list.sort(Comparator.comparing(Answer::answered)));
        return byMember;
    }

    private static void oneCluster(Incarnation incarnation, List<Answer> answers, Findings findings) {
        String first = answers.get(0).header().clusterId();
        for (Answer answer : answers) {
            if (!answer.header().clusterId().equals(first)) {
                findings.fail(
                        "answers of another cluster",
                        "In " + incarnation.name() + ", " + text(answer) + " carries cluster id "
                                + answer.header().clusterId() + ", but the first answer carried " + first
                                + ": two clusters answer under one name.",
                        shown(answers.get(0), answer));
            }
        }
    }

    /**
     * A member was replaced, because a fault had taken its data.
     *
     * @param begun from here on it may have another id
     * @param done from here on it must; empty where it was not seen to be done
     */
    private record Replacement(Duration begun, Optional<Duration> done) {}

    private static List<Replacement> replacements(String member, AttemptEvidence evidence) {
        return FaultLife.of(evidence.faults()).stream()
                .filter(FaultLife::tookData)
                .filter(fault -> fault.members().contains(member))
                .filter(fault -> fault.reached(FaultEvent.Phase.LIFTED))
                .map(fault -> new Replacement(
                        fault.at(FaultEvent.Phase.LIFTED).orElseThrow(), fault.at(FaultEvent.Phase.GONE)))
                .sorted(Comparator.comparing(Replacement::begun))
                .toList();
    }

    private static void oneMember(
            String member, List<Answer> answers, List<Replacement> replacements, Findings findings) {
        Answer first = answers.get(0);
        Optional<Replacement> open = Optional.empty();
        int next = 0;
        for (Answer answer : answers) {
            while (next < replacements.size()
                    && answer.answered().compareTo(replacements.get(next).begun()) >= 0) {
                // One that began before the first answer has no id to be held against.
                open = answer.equals(answers.get(0)) ? Optional.empty() : Optional.of(replacements.get(next));
                next++;
            }
            boolean same = answer.header().memberId().equals(first.header().memberId());
            if (!same && open.isPresent()) {
                first = answer;
                open = Optional.empty();
            } else if (!same) {
                findings.fail(
                        "answers of another member",
                        text(answer) + " was answered by member id "
                                + answer.header().memberId() + ", but " + member + " was "
                                + first.header().memberId() + " before.",
                        shown(first, answer));
            } else if (open.flatMap(Replacement::done)
                    .filter(done -> answer.answered().compareTo(done) > 0)
                    .isPresent()) {
                findings.fail(
                        "members that kept their id",
                        text(answer) + " was answered by member id "
                                + answer.header().memberId() + ", which " + member
                                + " had before its data was lost: it was not replaced.",
                        shown(answer));
            }
        }
    }

    private static void differentMembers(
            Incarnation incarnation, Map<String, List<Answer>> byMember, Findings findings) {
        Map<String, String> names = new HashMap<>();
        byMember.forEach((member, answers) -> {
            String other = names.putIfAbsent(answers.get(0).header().memberId(), member);
            if (other != null) {
                findings.fail(
                        "members that share an id",
                        "In " + incarnation.name() + ", " + other + " and " + member + " both answer as member "
                                + answers.get(0).header().memberId() + ".",
                        shown(answers.get(0)));
            }
        });
    }

    /**
     * Sweeps over a member's answers. One whose asking time is unknown (a probe's) is only held against other probes:
     * they come one after the other, but a client's operation may have overtaken one.
     */
    private static void neverFalls(String member, List<Answer> answers, Findings findings) {
        List<Answer> byAsking = new ArrayList<>();
        Answer highestProbe = null;
        Answer highestProbeTerm = null;
        for (Answer answer : answers) {
            if (answer.asked().isPresent()) {
                byAsking.add(answer);
                continue;
            }
            highestProbe = compare(member, highestProbe, answer, true, findings);
            highestProbeTerm = compare(member, highestProbeTerm, answer, false, findings);
        }
        byAsking.sort(Comparator.comparing(answer -> answer.asked().orElseThrow()));
        int next = 0;
        Answer highest = null;
        Answer highestTerm = null;
        for (Answer answer : byAsking) {
            while (next < answers.size()
                    && answers.get(next).answered().compareTo(answer.asked().orElseThrow()) < 0) {
                highest = higher(highest, answers.get(next), true);
                highestTerm = higher(highestTerm, answers.get(next), false);
                next++;
            }
            compare(member, highest, answer, true, findings);
            compare(member, highestTerm, answer, false, findings);
        }
    }

    private static Answer compare(String member, Answer before, Answer answer, boolean revision, Findings findings) {
        if (before != null && value(answer, revision) < value(before, revision)) {
            findings.fail(
                    revision ? "revisions that fell" : "terms that fell",
                    "The " + (revision ? "revision" : "term") + " of " + member + " fell from "
                            + value(before, revision) + " to " + value(answer, revision) + ": " + text(before)
                            + ", and afterwards " + text(answer) + ".",
                    shown(before, answer));
        }
        return higher(before, answer, revision);
    }

    private static Answer higher(Answer one, Answer other, boolean revision) {
        return one == null || value(other, revision) > value(one, revision) ? other : one;
    }

    private static long value(Answer answer, boolean revision) {
        return revision ? answer.header().revision() : answer.header().term();
    }

    private static String text(Answer answer) {
        return answer.operation().map(Wording::operation).orElse(answer.what());
    }

    private static List<Operation> shown(Answer... answers) {
        List<Operation> shown = new ArrayList<>();
        for (Answer answer : answers) {
            answer.operation().ifPresent(shown::add);
        }
        return shown;
    }
}
