package dev.holdfast.agent.archive;

import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Timestamp;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which files with several names are in the archive already. One is forgotten when all its names were met. */
final class HardLinks {
    /** The same inode with another size or time is a file that changed between its names: each has its own content. */
    private record Source(long device, long inode, EntryType type, long size, Timestamp modified) {
        static Source of(Entry entry) {
            return new Source(entry.device(), entry.inode(), entry.type(), entry.size(), entry.modified());
        }
    }

    private static final class Known {
        private final EntryPath first;
        private int left;

        Known(EntryPath first, int left) {
            this.first = first;
            this.left = left;
        }
    }

    private final Map<Source, Known> files = new HashMap<>();

    /** The name under which the file is in the archive already. */
    Optional<EntryPath> first(Entry entry) {
        Known known = entry.hardLinked() ? files.get(Source.of(entry)) : null;
        if (known == null) {
            return Optional.empty();
        }
        if (--known.left == 0) {
            files.remove(Source.of(entry));
        }
        return Optional.of(known.first);
    }

    /** The file is in the archive under this name. */
    void met(Entry entry) {
        if (entry.hardLinked()) {
            files.put(Source.of(entry), new Known(entry.path(), entry.links() - 1));
        }
    }
}
