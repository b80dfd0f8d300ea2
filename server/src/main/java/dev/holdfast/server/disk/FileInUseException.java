package dev.holdfast.server.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another part of this one, holds the lock of a file. */
public final class FileInUseException extends IOException {
    public FileInUseException(Path file) {
        super(file + " is in use");
    }
}
