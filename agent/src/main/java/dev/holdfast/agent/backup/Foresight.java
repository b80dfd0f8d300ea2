package dev.holdfast.agent.backup;

import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryType;
import java.util.Optional;

/**
 * Foretells the size of a backup from its parent: what that held, and more with each file that is new or has grown. So the total is
 * never less than what was met so far. For the walking thread alone.
 */
final class Foresight {
    private final Progress progress;
    private boolean foretelling;
    private long files;
    private long bytes;
    private long toldFiles;
    private long toldBytes;

    Foresight(Progress progress) {
        this.progress = progress;
    }

    /** A walk begins that is compared with {@code parent}; what an earlier one has told stands. Without files nothing is foretold. */
    void begin(Parent parent) {
        files = parent.fileCount();
        bytes = parent.byteCount();
        foretelling = files > 0;
        tell();
    }

    /** A file is there, of this size. */
    void met(Optional<Parent.Known> before, long size) {
        Optional<Entry> old = before.map(Parent.Known::entry).filter(entry -> entry.type() == EntryType.FILE);
        files += old.isPresent() ? 0 : 1;
        grew(size - old.map(Entry::size).orElse(0L));
    }

    /** The file that was met last turned out to be so much larger. */
    void grew(long more) {
        bytes += more;
        tell();
    }

    private void tell() {
        if (foretelling && (files > toldFiles || bytes > toldBytes)) {
            toldFiles = Math.max(files, toldFiles);
            toldBytes = Math.max(bytes, toldBytes);
            progress.total(toldFiles, toldBytes);
        }
    }
}
