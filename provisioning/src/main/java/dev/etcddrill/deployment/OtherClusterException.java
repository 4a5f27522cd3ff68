package dev.etcddrill.deployment;

import java.nio.file.FileSystemException;

/** A recipe was to be rendered over the deployment of another cluster; nothing was changed. */
public final class OtherClusterException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    OtherClusterException(String directory, String found, String wanted) {
        super(
                directory,
                null,
                "expected the deployment of " + wanted + ", found that of " + found
                        + ", with keys of its own; name another directory");
    }
}
