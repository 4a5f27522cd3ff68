package dev.etcddrill.run;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.plan.DrillPlan;
import java.util.List;

/** What {@code plan.json} holds: what is known and intended before anything runs. Only the run itself writes it. */
record RunPlan(RunHeader header, List<DrillPlan> drills) {
    static final VersionedFile<RunPlan> FILE = VersionedFile.json("etcd-drill/plan", 1, RunPlan.class);

    RunPlan {
        requireNonNull(header, "header");
        drills = List.copyOf(drills);
        // Also when it is read: an id becomes part of a path.
        drills.forEach(drill -> FileName.checked("the id of a drill", drill.id()));
    }
}
