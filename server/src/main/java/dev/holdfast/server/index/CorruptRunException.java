package dev.holdfast.server.index;

import java.io.IOException;
import java.nio.file.Path;

/** A run is not what was written; it can be made again from its packs. */
public final class CorruptRunException extends IOException {
    private final transient Path file;

    CorruptRunException(Path file, String what) {
        super("index run " + file.getFileName() + ": " + what);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
