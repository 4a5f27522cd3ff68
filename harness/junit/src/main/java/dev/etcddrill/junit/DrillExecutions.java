package dev.etcddrill.junit;

import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.drill.DrillSession;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.run.DrillVerdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The executions of one drill, one for each recipe that its property meets. */
public final class DrillExecutions {
    private final DrillSession session;
    private final DrillDefinition drill;
    private final Map<String, DrillExecution> byRecipe = new LinkedHashMap<>();
    private final List<DrillVerdict> finished = new ArrayList<>();

    DrillExecutions(DrillSession session, DrillDefinition drill) {
        this.session = session;
        this.drill = drill;
    }

    /** The execution on a recipe, begun when it is first asked for; beginning one finishes the one before. */
    public DrillExecution on(ClusterRecipe recipe) {
        DrillExecution known = byRecipe.get(recipe.name());
        if (known != null) {
            return known;
        }
        finish();
        DrillExecution execution = session.begin(drill, recipe);
        byRecipe.put(recipe.name(), execution);
        return execution;
    }

    /** Finishes every execution that is not finished yet, and gives the verdicts on all. */
    List<DrillVerdict> finish() {
        byRecipe.values().stream()
                .skip(finished.size())
                .map(DrillExecution::finish)
                .forEach(finished::add);
        return List.copyOf(finished);
    }
}
