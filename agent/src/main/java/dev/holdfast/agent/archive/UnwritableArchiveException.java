package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.FileAccessException;
import java.io.IOException;

/**
 * The archive cannot be written on. A type of its own, and none of those for files: whoever goes on when a file of the source cannot be
 * read must not take this for it.
 */
final class UnwritableArchiveException extends IOException {
    private final FileAccessException reason;

    UnwritableArchiveException(FileAccessException reason) {
        super(reason.getMessage(), reason);
        this.reason = reason;
    }

    FileAccessException reason() {
        return reason;
    }
}
