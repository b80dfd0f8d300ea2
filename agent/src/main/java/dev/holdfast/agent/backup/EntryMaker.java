package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.OwnerNames;
import dev.holdfast.agent.files.Status;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.ExtendedAttribute;
import dev.holdfast.core.tree.Owner;
import dev.holdfast.core.tree.Timestamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Turns what the file system says into entries; content comes later. */
public final class EntryMaker {
    private static final int MOST_OWNERS = 4096;

    private final OwnerNames names;
    private final Map<Long, Owner> owners = new HashMap<>();
    private final long rootDevice;
    private final BiConsumer<EntryPath, String> leftOut;

    /** @param leftOut told of what an entry cannot hold */
    public EntryMaker(OwnerNames names, long rootDevice, BiConsumer<EntryPath, String> leftOut) {
        this.names = names;
        this.rootDevice = rootDevice;
        this.leftOut = leftOut;
    }

    /** Attributes that are too many are left out together; then the entry is fuzzy, so that the next backup looks and tells again. */
    public Entry make(
            EntryPath path,
            Status status,
            byte[] linkTarget,
            List<dev.holdfast.agent.files.ExtendedAttribute> attributes) {
        boolean fits = fits(attributes);
        if (!fits) {
            leftOut.accept(
                    path,
                    "'" + path + "' has extended attributes of more than " + Entry.MAX_ATTRIBUTES_BYTES
                            + " bytes; they are left out");
        }
        List<dev.holdfast.agent.files.ExtendedAttribute> kept = fits ? attributes : List.of();
        return new Entry(
                path,
                type(status),
                status.mode(),
                owner(status),
                time(status.modified()),
                time(status.changed()),
                status.inode(),
                status.device() == rootDevice ? 0 : status.device(),
                (int) Math.min(status.isDirectory() ? 1 : status.links(), Integer.MAX_VALUE),
                status.deviceNumber(),
                status.isFile() ? status.size() : 0,
                linkTarget,
                kept.stream()
                        .map(attribute -> new ExtendedAttribute(attribute.name(), attribute.value()))
                        .toList(),
                Content.EMPTY,
                new byte[0],
                !fits);
    }

    private static boolean fits(List<dev.holdfast.agent.files.ExtendedAttribute> attributes) {
        long bytes = 0;
        for (dev.holdfast.agent.files.ExtendedAttribute attribute : attributes) {
            bytes += attribute.name().length + attribute.value().length;
        }
        return bytes <= Entry.MAX_ATTRIBUTES_BYTES && attributes.size() <= Entry.MAX_ATTRIBUTES;
    }

    /** As {@link #make}, reading the link target and attributes of {@code name}. */
    public Entry read(EntryPath path, Directory directory, byte[] name, Status status) throws FileAccessException {
        byte[] target = type(status) == EntryType.SYMLINK ? directory.readLink(name) : new byte[0];
        return make(path, status, target, directory.xattrs(name));
    }

    /** Whether everything that the backup keeps of the file is as it was: same inode, nothing written, nothing set. */
    boolean unchanged(Entry before, Status now) {
        return before.type() == type(now)
                && !before.fuzzy()
                && (before.type() != EntryType.FILE || before.size() == now.size())
                && before.inode() == now.inode()
                && same(before.modified(), now.modified())
                && same(before.changed(), now.changed())
                && before.mode() == now.mode()
                && before.owner().uid() == (int) now.uid()
                && before.owner().gid() == (int) now.gid()
                && (now.isDirectory() || before.links() == now.links());
    }

    private static boolean same(Timestamp a, dev.holdfast.agent.files.Timestamp b) {
        return a.seconds() == b.seconds() && a.nanos() == b.nanos();
    }

    private static Timestamp time(dev.holdfast.agent.files.Timestamp time) {
        return new Timestamp(time.seconds(), time.nanos());
    }

    private Owner owner(Status status) {
        if (owners.size() >= MOST_OWNERS) {
            owners.clear();
        }
        return owners.computeIfAbsent(
                (status.uid() << 32) | status.gid(),
                key -> new Owner(
                        (int) status.uid(),
                        (int) status.gid(),
                        names.user(status.uid()).orElse(""),
                        names.group(status.gid()).orElse("")));
    }

    static EntryType type(Status status) {
        return switch (status.type()) {
            case FILE -> EntryType.FILE;
            case DIRECTORY -> EntryType.DIRECTORY;
            case SYMLINK -> EntryType.SYMLINK;
            case FIFO -> EntryType.FIFO;
            case SOCKET -> EntryType.SOCKET;
            case CHARACTER -> EntryType.CHARACTER_DEVICE;
            case BLOCK -> EntryType.BLOCK_DEVICE;
        };
    }
}
