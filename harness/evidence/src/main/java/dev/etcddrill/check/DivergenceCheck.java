package dev.etcddrill.check;

import dev.etcddrill.history.KeyValue;
import dev.etcddrill.history.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** In the end all members hold the same: revision, HashKV, every key. */
public final class DivergenceCheck implements Check {
    @Override
    public String id() {
        return "divergence";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "All members agree: equal revision, equal HashKV, equal keys.",
                "etcd docs, op-guide/data_corruption: members of one cluster hold the same data; issue 4");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        int compared = 0;
        for (Incarnation incarnation : Incarnation.of(evidence)) {
            if (!incarnation.mustHaveFinalStates()) {
                findings.evidence(
                        incarnation.name() + " was replaced by a restore and left no final state: nothing to compare");
                continue;
            }
            Map<String, Observation.MemberState> states = incarnation.statesAt(Incarnation.END);
            for (String member : evidence.drill().members()) {
                if (!states.containsKey(member)) {
                    findings.inconclusive(
                            "There is no final state of " + member + " in " + incarnation.name() + " to compare.");
                }
            }
            if (states.size() > 1) {
                compare(incarnation, List.copyOf(states.values()), findings);
                compared++;
            }
        }
        if (compared == 0) {
            findings.inconclusive("No two members' final states were recorded, so none were compared.");
        }
        return findings.result();
    }

    private static void compare(Incarnation incarnation, List<Observation.MemberState> states, Findings findings) {
        Observation.MemberState first = states.get(0);
        for (Observation.MemberState other : states.subList(1, states.size())) {
            String pair = first.member() + " and " + other.member();
            if (first.header().revision() != other.header().revision()) {
                findings.fail(
                        "different revisions",
                        "In the end " + pair + " of " + incarnation.name() + " are at different revisions: "
                                + first.header().revision() + " and "
                                + other.header().revision() + ".");
            }
            compareKeys(first, other, findings);
        }
        compareHashes(incarnation, states, findings);
        findings.evidence(incarnation.name() + ": " + Wording.count(states.size(), "final state")
                + " compared at revision " + first.header().revision() + ", "
                + Wording.count(first.keyValues().size(), "key"));
    }

    /** HashKV covers what compaction left, so only hashes of one revision and one compaction compare. */
    private static void compareHashes(
            Incarnation incarnation, List<Observation.MemberState> states, Findings findings) {
        for (Observation.MemberState state : states) {
            if (state.hash().isEmpty()) {
                findings.inconclusive(
                        "There is no HashKV of " + state.member() + " in " + incarnation.name() + " to compare.");
                continue;
            }
            List<Observation.MemberState> hashed = states.stream()
                    .filter(other -> other.hash().isPresent()
                            && other.header().revision() == state.header().revision())
                    .toList();
            List<Observation.MemberState> comparable = hashed.stream()
                    .filter(other -> other.compactRevision() == state.compactRevision())
                    .toList();
            Observation.MemberState first = comparable.get(0);
            if (comparable.size() == 1 && hashed.size() > 1) {
                findings.inconclusive("The HashKV of " + state.member() + " in " + incarnation.name()
                        + " compares with no other member's: it is compacted at " + state.compactRevision()
                        + ", and no other member is.");
            } else if (!first.hash().equals(state.hash())) {
                findings.fail(
                        "different hashes",
                        "In the end " + first.member() + " and " + state.member() + " of " + incarnation.name()
                                + " have different HashKV at revision "
                                + first.header().revision() + ": "
                                + Long.toUnsignedString(first.hash().get()) + " and "
                                + Long.toUnsignedString(state.hash().get()) + ".");
            }
        }
    }

    private static void compareKeys(Observation.MemberState one, Observation.MemberState other, Findings findings) {
        Map<String, KeyValue> ones = byKey(one);
        Map<String, KeyValue> others = byKey(other);
        Set<String> keys = new TreeSet<>(ones.keySet());
        keys.addAll(others.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            if (!Objects.equals(ones.get(key), others.get(key))) {
                differences.add(key + " (" + text(ones.get(key)) + " / " + text(others.get(key)) + ")");
            }
        }
        if (!differences.isEmpty()) {
            findings.fail(
                    "different keys",
                    "In the end " + one.member() + " and " + other.member() + " of " + one.incarnation()
                            + " disagree about " + Wording.count(differences.size(), "key") + ": "
                            + Wording.some(differences) + ".");
        }
    }

    private static String text(KeyValue keyValue) {
        return keyValue == null
                ? "absent"
                : keyValue.value() + " of revision " + keyValue.modRevision() + ", version " + keyValue.version();
    }

    private static Map<String, KeyValue> byKey(Observation.MemberState state) {
        Map<String, KeyValue> byKey = new LinkedHashMap<>();
        state.keyValues().forEach(keyValue -> byKey.put(keyValue.key(), keyValue));
        return byKey;
    }
}
