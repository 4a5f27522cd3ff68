package dev.etcddrill.deployment;

import java.nio.file.FileSystemException;

/** A deployment was to be written where something else is; nothing was changed. */
public final class OccupiedDirectoryException extends FileSystemException {

    private static final long serialVersionUID = 1L;

    OccupiedDirectoryException(String directory) {
        super(
                directory,
                null,
                "expected an empty or new directory, or a deployment to replace; name another directory");
    }
}
