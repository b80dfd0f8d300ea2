package dev.holdfast.agent.archive;

import dev.holdfast.core.tree.EntryPath;
import java.util.List;

/**
 * What went into an archive.
 *
 * @param entries of all kinds
 * @param files regular files with content of their own
 * @param links further names of files
 * @param bytes of content, holes counted
 * @param archiveBytes the file's length
 * @param fuzzy files that changed while they were read
 * @param missingCount what is not in it though it should be; {@code missing} lists at most {@value #MAX_LISTED}
 * @param leftOutCount what tar files cannot hold; {@code leftOut} lists at most {@value #MAX_LISTED}
 */
public record ExportOutcome(
        long entries,
        long files,
        long links,
        long bytes,
        long archiveBytes,
        long fuzzy,
        long missingCount,
        List<Note> missing,
        long leftOutCount,
        List<Note> leftOut) {
    public static final int MAX_LISTED = 1000;

    /** What is to be said of one path. */
    public record Note(EntryPath path, String what) {}

    public ExportOutcome {
        missing = List.copyOf(missing);
        leftOut = List.copyOf(leftOut);
    }
}
