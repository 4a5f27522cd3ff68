package dev.etcddrill.check;

import dev.etcddrill.history.Observation;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * No member runs with a setting that gives up durability or founds a second cluster. It matters where no drill can show
 * the harm, because power loss needs root: such a cluster must not pass for want of rights.
 */
public final class UnsafeSettingsCheck implements Check {
    @Override
    public String id() {
        return "unsafe-settings";
    }

    @Override
    public Guarantee guarantee() {
        return new Guarantee(
                "No member runs with unsafe-no-fsync or force-new-cluster.",
                "etcd docs, op-guide/configuration, unsafe flags; op-guide/recovery");
    }

    @Override
    public CheckResult judge(AttemptEvidence evidence) {
        Findings findings = new Findings(id());
        Set<String> members = new LinkedHashSet<>();
        Map<String, Set<String>> unsafe = new TreeMap<>();
        for (Observation observation : evidence.observations()) {
            if (observation instanceof Observation.Setting setting) {
                members.add(setting.incarnation() + " " + setting.member());
                if (setting.value().equals("true")) {
                    unsafe.computeIfAbsent(setting.name(), first -> new TreeSet<>())
                            .add(setting.member());
                }
            }
        }
        unsafe.forEach((name, by) -> findings.fail(
                "unsafe settings",
                String.join(", ", by) + (by.size() == 1 ? " runs" : " run") + " with " + name + ": true. "
                        + harm(name)));
        if (members.isEmpty()) {
            findings.inconclusive("What settings the members run with was not recorded.");
        }
        findings.evidence("settings of " + Wording.count(members.size(), "member"));
        return findings.result();
    }

    private static String harm(String setting) {
        return setting.equals("unsafe-no-fsync")
                ? "Acknowledged writes are not on disk: a power cut loses them."
                : "Each start founds a new cluster of one member.";
    }
}
