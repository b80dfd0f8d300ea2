package dev.holdfast.agent.archive;

import dev.holdfast.agent.archive.ExportOutcome.Note;
import java.util.List;

/**
 * What an archive has, and what of it became a volume.
 *
 * @param entries of all kinds
 * @param files regular files with content of their own
 * @param links further names of files
 * @param bytes of content, holes counted
 * @param leftOutCount what was not taken over, on purpose or for lack of means; {@code leftOut} lists at most
 *     {@value ExportOutcome#MAX_LISTED}
 */
public record ImportOutcome(long entries, long files, long links, long bytes, long leftOutCount, List<Note> leftOut) {
    public ImportOutcome {
        leftOut = List.copyOf(leftOut);
    }
}
