package dev.holdfast.system.restore;

import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.tree.EntryType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A tree entry in the bytes of docs/format.md, 5.2, whatever nonsense it says: what the project's own writer refuses to write, a
 * member of the realm with a writer of his own may send.
 *
 * @param path any bytes
 * @param content what follows the size of a file: extents by 5.3
 * @param attributes by name
 */
record ForgedEntry(
        byte[] path,
        EntryType type,
        int mode,
        long inode,
        int links,
        long number,
        byte[] content,
        Map<String, byte[]> attributes) {
    private static final int HAS_ATTRIBUTES = 2;
    private static final byte[] NO_EXTENTS = {0};
    private static final long MODIFIED = 1_000_000_000;

    static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    static ForgedEntry root() {
        return folder("");
    }

    static ForgedEntry folder(String path) {
        return new ForgedEntry(bytes(path), EntryType.DIRECTORY, 0755, 1, 1, 0, NO_EXTENTS, Map.of());
    }

    static ForgedEntry emptyFile(String path) {
        return file(path, 0, NO_EXTENTS);
    }

    /** A file of one extent: {@code length} bytes from {@code offset} of the block's reference {@code index}. */
    static ForgedEntry file(String path, long size, int index, long offset, long length) {
        return file(path, size, List.of(index + 1L, offset, length));
    }

    static ForgedEntry hole(String path, long size) {
        return file(path, size, List.of(0L, size));
    }

    private static ForgedEntry file(String path, long size, List<Long> extent) {
        Encoder extents = new Encoder(64).varint(1);
        extent.forEach(extents::varint);
        return file(path, size, extents.toBytes());
    }

    static ForgedEntry file(String path, long size, byte[] extents) {
        return new ForgedEntry(bytes(path), EntryType.FILE, 0600, 2, 1, size, extents, Map.of());
    }

    static ForgedEntry link(String path, String target) {
        byte[] bytes = new Encoder(64).bytes(bytes(target)).toBytes();
        return new ForgedEntry(bytes(path), EntryType.SYMLINK, 0777, 3, 1, 0, bytes, Map.of());
    }

    static ForgedEntry device(String path, EntryType type, long rdev) {
        return new ForgedEntry(bytes(path), type, 0666, 4, 1, rdev, NO_EXTENTS, Map.of());
    }

    ForgedEntry mode(int other) {
        return new ForgedEntry(path, type, other, inode, links, number, content, attributes);
    }

    /** One of the names of a file that has several. */
    ForgedEntry oneOf(int names, long sameInode) {
        return new ForgedEntry(path, type, mode, sameInode, names, number, content, attributes);
    }

    ForgedEntry with(String attribute, byte[] value) {
        return new ForgedEntry(path, type, mode, inode, links, number, content, Map.of(attribute, value));
    }

    /** @param shared leading bytes of the path that the entry before has, too */
    void encode(int shared, Encoder out) {
        out.varint(shared).varint(path.length - shared).raw(path, shared, path.length - shared);
        out.u8(attributes.isEmpty() ? 0 : HAS_ATTRIBUTES).u8(type.number()).varint(mode);
        out.varint(0).varint(0).string("").string("");
        out.signed(MODIFIED).varint(0).signed(MODIFIED).varint(0);
        out.varint(inode).varint(0).varint(links);
        switch (type) {
            case FILE -> out.varint(number).raw(content);
            case SYMLINK -> out.raw(content);
            case CHARACTER_DEVICE, BLOCK_DEVICE -> out.varint(number);
            case DIRECTORY, FIFO, SOCKET -> {}
        }
        if (!attributes.isEmpty()) {
            out.varint(attributes.size());
            attributes.forEach((name, value) -> out.bytes(bytes(name)).bytes(value));
        }
    }
}
