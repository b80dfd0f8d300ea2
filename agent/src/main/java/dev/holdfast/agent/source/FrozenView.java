package dev.holdfast.agent.source;

import java.nio.file.Path;
import java.util.SortedMap;

/** The files of a volume, held still. */
public interface FrozenView extends AutoCloseable {
    /** The folder to walk. */
    Path root();

    /** What it takes to make the volume anew where it is missing; empty for a plain folder. */
    SortedMap<String, String> properties();

    /** Asked once the folder is open: throws when it does not show the volume's files after all. */
    void requireThere();

    /** Whether somebody has seen to it that the files fit together, as those of a database must. */
    boolean still();

    /** Asked when all is read: throws {@code BUSY} when what was held has not been so until now. */
    void requireHeld();

    /** Lets go of what was held. Throws {@code HoldfastException} when something does not run again. */
    @Override
    void close();
}
