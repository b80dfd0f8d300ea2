package dev.holdfast.agent.source;

import java.nio.file.Path;

/** A folder; nobody is known to use it. */
public record FolderTarget(Path folder) implements Target {
    @Override
    public void requireFree() {
        // Who uses a folder cannot be found out.
    }

    @Override
    public Hold hold() {
        return () -> {};
    }
}
