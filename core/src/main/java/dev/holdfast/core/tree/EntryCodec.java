package dev.holdfast.core.tree;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One entry as bytes inside a tree block. The path is stored as what differs from the path before, the owner only when it
 * differs from the owner before. Layout in {@code docs/format.md}, section "Tree block".
 */
final class EntryCodec {
    private static final int SAME_OWNER = 1;
    private static final int HAS_ATTRIBUTES = 2;
    private static final int HAS_FINGERPRINT = 4;
    private static final int FUZZY = 8;
    private static final int LISTED = 16;
    private static final int ALL_FLAGS = 31;

    private EntryPath lastPath = EntryPath.ROOT;
    private Owner lastOwner = new Owner(0, 0, "", "");

    /** Throws {@link IllegalArgumentException} rather than write what {@link #decode} would refuse. */
    void encode(Entry entry, References references, Encoder out) {
        requireWhole(entry);
        byte[] path = entry.path().view();
        byte[] before = lastPath.view();
        int mismatch = Arrays.mismatch(before, path);
        int shared = mismatch < 0 ? path.length : mismatch;
        out.varint(shared).varint(path.length - shared).raw(path, shared, path.length - shared);
        boolean sameOwner = entry.owner().equals(lastOwner);
        out.u8((sameOwner ? SAME_OWNER : 0)
                | (entry.attributes().isEmpty() ? 0 : HAS_ATTRIBUTES)
                | (entry.fingerprint().length == 0 ? 0 : HAS_FINGERPRINT)
                | (entry.fuzzy() ? FUZZY : 0)
                | (entry.content() instanceof Content.Listed ? LISTED : 0));
        out.u8(entry.type().number()).varint(entry.mode());
        if (!sameOwner) {
            Owner owner = entry.owner();
            out.varint(owner.uid() & 0xffffffffL).varint(owner.gid() & 0xffffffffL);
            out.string(owner.user()).string(owner.group());
        }
        encode(entry.modified(), out);
        encode(entry.changed(), out);
        out.varint(entry.inode()).varint(entry.device()).varint(entry.links());
        switch (entry.type()) {
            case FILE -> {
                out.varint(entry.size()).raw(entry.fingerprint());
                encodeContent(entry.content(), references, out);
            }
            case SYMLINK -> out.bytes(entry.linkTarget());
            case CHARACTER_DEVICE, BLOCK_DEVICE -> out.varint(entry.rdev());
            case DIRECTORY, FIFO, SOCKET -> {}
        }
        if (!entry.attributes().isEmpty()) {
            out.varint(entry.attributes().size());
            for (ExtendedAttribute attribute : entry.attributes()) {
                out.bytes(attribute.name()).bytes(attribute.value());
            }
        }
        lastPath = entry.path();
        lastOwner = entry.owner();
    }

    private static void requireWhole(Entry entry) {
        long covered = 0;
        int runs = 0;
        int most = Content.MAX_INLINE_EXTENTS;
        if (entry.content() instanceof Content.Listed listed) {
            most = Content.MAX_PARTS;
            for (Content.Part part : listed.parts()) {
                covered = Math.addExact(covered, part.length());
                runs++;
            }
        } else if (entry.content() instanceof Content.Inline inline) {
            for (Extent extent : inline.extents()) {
                covered = Math.addExact(covered, extent.length());
                runs++;
            }
        }
        if (entry.type() == EntryType.FILE && (covered != entry.size() || runs > most)) {
            throw new IllegalArgumentException(runs + " extents over " + covered + " bytes for " + entry.path() + " of "
                    + entry.size() + " bytes");
        }
    }

    private static void encode(Timestamp time, Encoder out) {
        out.signed(time.seconds()).varint(time.nanos());
    }

    private static void encodeContent(Content content, References references, Encoder out) {
        if (content instanceof Content.Listed listed) {
            out.varint(listed.parts().size());
            for (Content.Part part : listed.parts()) {
                out.varint(references.indexOf(part.extentList(), References.NOT_A_CHUNK))
                        .varint(part.length());
            }
        } else if (content instanceof Content.Inline inline) {
            ExtentCodec.encode(inline.extents(), references, out);
        }
    }

    Entry decode(Decoder in, References references) throws MalformedException {
        int shared = in.count(lastPath.length());
        int suffix = in.count(EntryPath.MAX_BYTES - shared);
        byte[] path = Arrays.copyOf(lastPath.view(), shared + suffix);
        in.raw(path, shared, suffix);
        int flags = in.u8();
        if ((flags & ~ALL_FLAGS) != 0) {
            throw new MalformedException("entry flags " + flags);
        }
        EntryType type = EntryType.ofNumber(in.u8());
        if (type != EntryType.FILE && (flags & (HAS_FINGERPRINT | LISTED)) != 0) {
            throw new MalformedException("content of an entry that is no file");
        }
        int mode = in.count(07777);
        Owner owner = (flags & SAME_OWNER) != 0 ? lastOwner : decodeOwner(in);
        Timestamp modified = decodeTime(in);
        Timestamp changed = decodeTime(in);
        long inode = in.varint();
        long device = in.varint();
        int links = in.count(Integer.MAX_VALUE);
        long size = 0;
        long rdev = 0;
        byte[] target = {};
        byte[] fingerprint = {};
        Content content = Content.EMPTY;
        if (type == EntryType.FILE) {
            size = in.positive();
            fingerprint = in.raw((flags & HAS_FINGERPRINT) != 0 ? Entry.FINGERPRINT_BYTES : 0);
            content = decodeContent((flags & LISTED) != 0, size, in, references);
        } else if (type == EntryType.SYMLINK) {
            target = in.bytes(EntryPath.MAX_BYTES);
        } else if (type.isDevice()) {
            rdev = in.varint();
        }
        List<ExtendedAttribute> attributes = (flags & HAS_ATTRIBUTES) != 0 ? decodeAttributes(in) : List.of();
        Entry entry = new Entry(
                EntryPath.ofBytes(path),
                type,
                mode,
                owner,
                modified,
                changed,
                inode,
                device,
                links,
                rdev,
                size,
                target,
                attributes,
                content,
                fingerprint,
                (flags & FUZZY) != 0);
        lastPath = entry.path();
        lastOwner = owner;
        return entry;
    }

    private static Owner decodeOwner(Decoder in) throws MalformedException {
        int uid = decodeId(in);
        int gid = decodeId(in);
        return new Owner(uid, gid, in.string(Owner.MAX_NAME_BYTES), in.string(Owner.MAX_NAME_BYTES));
    }

    private static int decodeId(Decoder in) throws MalformedException {
        long id = in.varint();
        if (id >>> 32 != 0) {
            throw new MalformedException("owner " + Long.toUnsignedString(id));
        }
        return (int) id;
    }

    private static Timestamp decodeTime(Decoder in) throws MalformedException {
        return new Timestamp(in.signed(), in.count(999_999_999));
    }

    private static Content decodeContent(boolean listed, long size, Decoder in, References references)
            throws MalformedException {
        long covered = 0;
        Content content;
        if (listed) {
            int count = in.count(Content.MAX_PARTS);
            List<Content.Part> parts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int reference = in.count(references.size() - 1);
                if (references.plainBytes(reference) != References.NOT_A_CHUNK) {
                    throw new MalformedException("a chunk in place of an extent list");
                }
                long length = in.positive();
                covered = ExtentCodec.add(covered, length);
                parts.add(new Content.Part(references.id(reference), length));
            }
            content = new Content.Listed(parts);
        } else {
            List<Extent> extents = ExtentCodec.decode(in, references, Content.MAX_INLINE_EXTENTS);
            covered = ExtentCodec.covered(extents);
            content = extents.isEmpty() ? Content.EMPTY : new Content.Inline(extents);
        }
        if (covered != size) {
            throw new MalformedException("extents cover " + covered + " bytes of a file of " + size);
        }
        return content;
    }

    private static List<ExtendedAttribute> decodeAttributes(Decoder in) throws MalformedException {
        int count = in.count(Entry.MAX_ATTRIBUTES);
        int left = in.left();
        List<ExtendedAttribute> attributes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attributes.add(new ExtendedAttribute(
                    in.bytes(Entry.MAX_ATTRIBUTE_NAME_BYTES), in.bytes(Entry.MAX_ATTRIBUTE_VALUE_BYTES)));
        }
        if (count == 0 || left - in.left() > Entry.MAX_ATTRIBUTES_BYTES) {
            throw new MalformedException(count + " attributes of " + (left - in.left()) + " bytes");
        }
        return attributes;
    }
}
