package dev.holdfast.agent.backup;

import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryType;
import java.util.Optional;

/**
 * Foretells the size of a backup from its parent: what that held, and more with each file that is new or has grown. So the total is
 * never less than what was met so far. Where much is new the parent foretells nothing: then that is said, and somebody else may count.
 * For the walking thread alone.
 */
final class Foresight {
    /** By this share of itself a parent may be exceeded before it is no measure any more. */
    private static final int TOLERATED = 10;

    private final Progress progress;
    private Runnable count = () -> {};
    private long most;
    private boolean foretelling;
    private long files;
    private long bytes;
    private long toldFiles;
    private long toldBytes;

    Foresight(Progress progress) {
        this.progress = progress;
    }

    /**
     * A walk begins that is compared with a parent of this size; what an earlier one has told stands.
     *
     * @param instead counts what is there, where the parent does not foretell it
     */
    void begin(long parentFiles, long parentBytes, Runnable instead) {
        files = parentFiles;
        bytes = parentBytes;
        most = parentBytes + parentBytes / TOLERATED;
        count = instead;
        foretelling = files > 0;
        if (foretelling) {
            tell();
        } else {
            count.run();
        }
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
        if (foretelling && bytes > most) {
            foretelling = false;
            progress.atLeast(Math.max(files, toldFiles), Math.max(bytes, toldBytes));
            count.run();
        }
        if (foretelling && (files > toldFiles || bytes > toldBytes)) {
            toldFiles = Math.max(files, toldFiles);
            toldBytes = Math.max(bytes, toldBytes);
            progress.total(toldFiles, toldBytes);
        }
    }
}
