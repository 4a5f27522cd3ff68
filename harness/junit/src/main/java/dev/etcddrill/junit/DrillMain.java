package dev.etcddrill.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import dev.etcddrill.run.ExitStatus;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs the drills of a package without Maven. It is started inside the sandbox by {@link RunCommand}. */
public final class DrillMain {
    private DrillMain() {}

    public static void main(String[] arguments) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectPackage(arguments[0]))
                                    .filters(TagFilter.includeTags(EtcdDrill.TAG))
                                    .build(),
                            summary);
        }
        ExitStatus status = SharedSession.status();
        if (status == ExitStatus.PASS && summary.getSummary().getTotalFailureCount() > 0) {
            // A drill that broke before it was recorded: whatever the record says, this is no PASS.
            summary.getSummary()
                    .getFailures()
                    .forEach(
                            failure -> System.err.println(failure.getException().toString()));
            status = ExitStatus.INCONCLUSIVE;
        }
        System.exit(status.code());
    }
}
