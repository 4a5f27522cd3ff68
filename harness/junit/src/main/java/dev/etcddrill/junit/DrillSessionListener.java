package dev.etcddrill.junit;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Closes the run when this JVM's tests are done; does nothing where no drill ran. */
public final class DrillSessionListener implements LauncherSessionListener {
    @Override
    public void launcherSessionClosed(LauncherSession session) {
        SharedSession.close();
    }
}
