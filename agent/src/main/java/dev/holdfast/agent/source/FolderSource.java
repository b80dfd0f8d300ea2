package dev.holdfast.agent.source;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;

/** A folder, read as it lies there: files that change meanwhile are found out one by one. */
public record FolderSource(Path root) implements Source, FrozenView {
    @Override
    public FrozenView freeze() {
        return this;
    }

    @Override
    public SortedMap<String, String> properties() {
        return Collections.emptySortedMap();
    }

    @Override
    public void requireThere() {
        // Opening the folder has shown that it is there.
    }

    @Override
    public boolean still() {
        return false;
    }

    @Override
    public void requireHeld() {
        // Nothing was held.
    }

    @Override
    public void close() {
        // Nothing was held.
    }
}
