package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileType;
import dev.holdfast.agent.files.Status;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryType;
import java.util.Arrays;

/** Compares an entry with what is there under its name. */
final class Judge {
    private final MetadataPolicy policy;
    private final LinkTable links;

    Judge(MetadataPolicy policy, LinkTable links) {
        this.policy = policy;
        this.links = links;
    }

    /** @param serves whether the file that is there may stay as this entry's */
    record Verdict(Action action, boolean serves) {}

    static FileType typeOf(EntryType type) {
        return switch (type) {
            case FILE -> FileType.FILE;
            case DIRECTORY -> FileType.DIRECTORY;
            case SYMLINK -> FileType.SYMLINK;
            case FIFO -> FileType.FIFO;
            case SOCKET -> FileType.SOCKET;
            case CHARACTER_DEVICE -> FileType.CHARACTER;
            case BLOCK_DEVICE -> FileType.BLOCK;
        };
    }

    /** What has to be done; once for each entry that does not follow another name of its file. */
    Verdict judge(TreeMerge.Item item) throws FileAccessException {
        if (item.existing().isEmpty()) {
            return new Verdict(Action.CREATE, false);
        }
        Entry entry = item.entry();
        Status now = item.existing().get();
        if (now.type() != typeOf(entry.type())) {
            return new Verdict(Action.REPLACE, false);
        }
        boolean serves = now.isDirectory() || links.mayServe(item, now);
        if (entry.type() == EntryType.FILE) {
            boolean looksSame = serves && now.size() == entry.size() && sameTime(entry, now);
            return new Verdict(looksSame ? metadata(item, now) : Action.UPDATE, serves);
        }
        if (!serves || !sameKind(item, now)) {
            return new Verdict(Action.REPLACE, false);
        }
        return new Verdict(metadata(item, now), true);
    }

    private static boolean sameTime(Entry entry, Status now) {
        return now.modified().seconds() == entry.modified().seconds()
                && now.modified().nanos() == entry.modified().nanos();
    }

    private static boolean sameKind(TreeMerge.Item item, Status now) throws FileAccessException {
        Entry entry = item.entry();
        if (entry.type() == EntryType.SYMLINK) {
            return Arrays.equals(entry.linkTarget(), item.folder().directory().readLink(item.name()));
        }
        return !entry.type().isDevice() || entry.rdev() == now.deviceNumber();
    }

    /** Whether what is there lacks only metadata, or nothing. */
    Action metadata(TreeMerge.Item item, Status now) throws FileAccessException {
        Entry entry = item.entry();
        boolean same = policy.same(
                entry, policy.of(entry), now, item.folder().directory().xattrs(item.name()));
        return same ? Action.KEEP : Action.METADATA;
    }
}
