package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Sparing;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.tree.EntryPath;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What a snapshot lacks although nobody removed it, and what therefore stays when extras are deleted: what the volume's rules leave
 * out of every backup, and what could not be read when this one was made, with everything below. Where not all of those paths are on
 * record, nothing is deleted at all.
 */
final class Spared {
    private final PathFilter rules;
    private final Set<ByteBuffer> unread = new HashSet<>();
    private final boolean everything;

    Spared(PathFilter rules, SnapshotManifest manifest) {
        this.rules = rules;
        this.everything = manifest.unreadableCount() > manifest.unreadable().size();
        manifest.unreadable()
                .forEach(item -> unread.add(ByteBuffer.wrap(item.path().toBytes())));
    }

    /** What stays of the things in {@code folder} that are to go. */
    Sparing in(EntryPath folder) {
        if (everything) {
            return (path, directory) -> true;
        }
        if (unread.isEmpty() && rules.equals(PathFilter.everything())) {
            return Sparing.NOTHING;
        }
        byte[] start = folder.isRoot() ? new byte[0] : Arrays.copyOf(folder.toBytes(), folder.length() + 1);
        if (start.length > 0) {
            start[start.length - 1] = '/';
        }
        return (path, directory) -> {
            byte[] whole = Arrays.copyOf(start, start.length + path.length);
            System.arraycopy(path, 0, whole, start.length, path.length);
            return wasUnread(whole) || rules.excluded(whole, directory);
        };
    }

    /** Whether the path or a folder that it is in is one of those that could not be read. */
    private boolean wasUnread(byte[] path) {
        if (unread.isEmpty()) {
            return false;
        }
        boolean found = unread.contains(ByteBuffer.allocate(0));
        for (int end = 1; end <= path.length && !found; end++) {
            boolean atEnd = end == path.length || path[end] == '/';
            found = atEnd && unread.contains(ByteBuffer.wrap(path, 0, end));
        }
        return found;
    }
}
