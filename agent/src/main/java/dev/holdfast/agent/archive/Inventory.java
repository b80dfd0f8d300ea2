package dev.holdfast.agent.archive;

import dev.holdfast.agent.archive.ExportOutcome.Note;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.util.ArrayList;
import java.util.List;

/** Counts what one archive has. */
final class Inventory {
    private final Progress progress;
    private final List<Note> leftOut = new ArrayList<>();
    private long entries;
    private long files;
    private long links;
    private long bytes;
    private long leftOutCount;

    Inventory(Progress progress) {
        this.progress = progress;
    }

    void met(TarItem item) {
        entries++;
        progress.current(item.entry().path().toString());
        if (item.linkTo().isPresent()) {
            links++;
        } else if (item.entry().type() == EntryType.FILE) {
            files++;
            bytes += item.regions().size();
            progress.advanced(1, 0);
        }
    }

    void leftOut(EntryPath path, String what) {
        leftOutCount++;
        if (leftOut.size() < ExportOutcome.MAX_LISTED) {
            leftOut.add(new Note(path, what));
        }
    }

    ImportOutcome outcome() {
        return new ImportOutcome(entries, files, links, bytes, leftOutCount, leftOut);
    }
}
