package dev.etcddrill.fault;

import java.util.List;
import java.util.Optional;

/** One fault that is about to be done, is in force, or was undone. */
public interface Injection {
    /**
     * What undoes it, in the order of doing harm; it is undone in the opposite order. They are on disk before {@link
     * #inject()} is called and are done whether it succeeded or not, so each must do no harm where there is nothing to undo.
     */
    List<UndoStep> undoSteps();

    /**
     * Does the harm.
     *
     * @throws dev.etcddrill.cluster.ClusterException where it cannot be done
     */
    void inject();

    /** What a probe of its own sees of the fault in force, as a sentence; empty as long as it is not seen. */
    Optional<String> seen();

    /** What a probe sees of the fault being gone, as a sentence; empty as long as something of it is left. */
    Optional<String> gone();
}
