package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.DeviceNumber;
import dev.holdfast.agent.files.OwnerNames;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Owner;
import dev.holdfast.core.tree.Timestamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar file, in the dialects of POSIX (ustar, pax), GNU (also its old format and all its forms of sparse files), bsdtar and
 * the seventh edition. An archive that is cut off, at whatever byte, is never taken for a whole one: there must be an end.
 */
final class TarReader {
    /** Of one extended header: far more than attributes and maps need. */
    private static final int MOST_RECORD_BYTES = 32 << 20;

    private static final int PERMISSIONS = 07777;
    private static final long MOST_ID = 0xffffffffL;

    private final TarInput in;
    private final OwnerNames owners;
    private final BiConsumer<EntryPath, String> leftOut;
    private List<PaxRecords.Pax> common = List.of();

    /** What was told before the header that it is about. */
    private static final class Ahead {
        private List<PaxRecords.Pax> records = List.of();
        private byte @Nullable [] name;
        private byte @Nullable [] link;
    }

    /** @param leftOut told of what cannot be taken over */
    TarReader(InputStream in, OwnerNames owners, BiConsumer<EntryPath, String> leftOut) {
        this.in = new TarInput(in);
        this.owners = owners;
        this.leftOut = leftOut;
    }

    /** The next thing; passes over what was not read of the last. Empty at the end of the archive. */
    Optional<TarItem> next() throws IOException {
        in.endEntry();
        Ahead ahead = new Ahead();
        while (true) {
            byte[] block = in.header();
            if (block == null) {
                if (!in.drain()) {
                    leftOut.accept(EntryPath.ROOT, "data behind the end of the archive");
                }
                return Optional.empty();
            }
            TarArchiveEntry header = parse(block);
            switch ((char) header.getLinkFlag()) {
                case 'x', 'X' -> ahead.records = PaxRecords.read(body(header));
                case 'g' -> common = PaxRecords.read(body(header));
                case 'L' -> ahead.name = text(body(header));
                case 'K' -> ahead.link = text(body(header));
                case 'V' -> in.skip(header.getSize());
                case 'M' -> throw new MalformedArchiveException("it is a part of an archive in several volumes");
                default -> {
                    return Optional.of(item(block, header, ahead));
                }
            }
        }
    }

    /** Reads content of the last item, as it is stored: region after region. */
    int read(byte[] target, int offset, int length) throws IOException {
        return in.read(target, offset, length);
    }

    private TarArchiveEntry parse(byte[] block) throws IOException {
        try {
            return new TarArchiveEntry(SparseMap.withoutMap(block), TarHeader.BYTES, false);
        } catch (IllegalArgumentException e) {
            throw new MalformedArchiveException(
                    "the header at byte " + in.headerAt() + " is not whole: " + e.getMessage());
        }
    }

    private byte[] body(TarArchiveEntry header) throws IOException {
        if (header.getSize() < 0 || header.getSize() > MOST_RECORD_BYTES) {
            throw new MalformedArchiveException("an extended header of " + header.getSize() + " bytes");
        }
        in.beginEntry(header.getSize());
        byte[] body = in.exactly((int) header.getSize());
        in.endEntry();
        return body;
    }

    /** Up to the zero byte. */
    private static byte[] text(byte[] body) {
        int end = 0;
        while (end < body.length && body[end] != 0) {
            end++;
        }
        return java.util.Arrays.copyOf(body, end);
    }

    // ---- one entry

    private TarItem item(byte[] block, TarArchiveEntry header, Ahead ahead) throws IOException {
        PaxFacts facts = new PaxFacts(common, ahead.records);
        byte[] rawName = facts.path().orElseGet(() -> ahead.name == null ? bytes(header.getName()) : ahead.name);
        byte[] rawLink =
                facts.linkPath().orElseGet(() -> ahead.link == null ? bytes(header.getLinkName()) : ahead.link);
        EntryPath path = path(rawName);
        in.name(path.toString());
        boolean link = header.getLinkFlag() == '1';
        EntryType type = link ? EntryType.FILE : type(header, rawName);
        long size = facts.size().orElse(link ? 0 : header.getSize());
        if (size < 0 || size > Long.MAX_VALUE / 2) {
            throw new MalformedArchiveException("'" + path + "' has a length that is none");
        }
        List<Long> extra = header.getLinkFlag() == 'S' ? oldMap(block, path) : List.of();
        in.beginEntry(size);
        Regions regions = Regions.whole(0);
        if (type == EntryType.FILE && !link) {
            regions = regions(block, facts, extra, size, path);
        }
        facts.settleAcls(owners).forEach(what -> leftOut.accept(path, what));
        if (path.isRoot() && type != EntryType.DIRECTORY) {
            throw new MalformedArchiveException("it has a " + type + " that has no name");
        }
        Optional<EntryPath> linkTo = link ? Optional.of(path(rawLink)) : Optional.empty();
        byte[] target = type == EntryType.SYMLINK ? rawLink : new byte[0];
        return new TarItem(entry(header, facts, path, type, target, regions.size()), linkTo, regions);
    }

    private static Entry entry(
            TarArchiveEntry header, PaxFacts facts, EntryPath path, EntryType type, byte[] target, long size)
            throws IOException {
        Timestamp modified =
                facts.modified(new Timestamp(header.getLastModifiedTime().to(TimeUnit.SECONDS), 0));
        int uid = id(facts.uid(header.getLongUserId()), path);
        int gid = id(facts.gid(header.getLongGroupId()), path);
        long device = type.isDevice() ? DeviceNumber.of(header.getDevMajor(), header.getDevMinor()) : 0;
        try {
            return new Entry(
                    path,
                    type,
                    header.getMode() & PERMISSIONS,
                    new Owner(
                            uid,
                            gid,
                            facts.name("uname", header.getUserName()),
                            facts.name("gname", header.getGroupName())),
                    modified,
                    modified,
                    0,
                    0,
                    1,
                    device,
                    size,
                    target,
                    facts.attributes(),
                    Content.EMPTY,
                    new byte[0],
                    false);
        } catch (IllegalArgumentException e) {
            throw new MalformedArchiveException("'" + path + "' has " + e.getMessage());
        }
    }

    /** GNU tar's own formats have the large half of all numbers as negative ones. */
    private static int id(long id, EntryPath path) throws IOException {
        if (id < Integer.MIN_VALUE || id > MOST_ID) {
            throw new MalformedArchiveException("'" + path + "' belongs to number " + id + ", which is no owner's");
        }
        return (int) id;
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The path inside the volume: a leading slash is taken off, as by every tar; a way up is refused. */
    private static EntryPath path(byte[] name) throws IOException {
        EntryPath path = EntryPath.ROOT;
        int start = 0;
        for (int i = 0; i <= name.length; i++) {
            if (i == name.length || name[i] == '/') {
                byte[] part = java.util.Arrays.copyOfRange(name, start, i);
                boolean here = part.length == 0 || (part.length == 1 && part[0] == '.');
                if (!here) {
                    path = child(path, part, name);
                }
                start = i + 1;
            }
        }
        return path;
    }

    private static EntryPath child(EntryPath folder, byte[] part, byte[] name) throws IOException {
        try {
            return folder.child(EntryPath.ofBytes(part).name());
        } catch (MalformedException | IllegalArgumentException e) {
            throw new MalformedArchiveException(
                    "'" + EntryPath.printable(name) + "' leads out of the archive, or is no name");
        }
    }

    private static EntryType type(TarArchiveEntry header, byte[] name) throws IOException {
        char flag = (char) header.getLinkFlag();
        return switch (flag) {
            case '0', '\0', '7', 'S' ->
                name.length > 0 && name[name.length - 1] == '/' ? EntryType.DIRECTORY : EntryType.FILE;
            case '2' -> EntryType.SYMLINK;
            case '3' -> EntryType.CHARACTER_DEVICE;
            case '4' -> EntryType.BLOCK_DEVICE;
            case '5', 'D' -> EntryType.DIRECTORY;
            case '6' -> EntryType.FIFO;
            default ->
                throw new MalformedArchiveException("'" + EntryPath.printable(name) + "' is of the unknown kind '"
                        + EntryPath.printable(new byte[] {(byte) flag}) + "'");
        };
    }

    // ---- holes

    private Regions regions(byte[] block, PaxFacts facts, List<Long> oldMap, long size, EntryPath path)
            throws IOException {
        if (!oldMap.isEmpty()) {
            return SparseMap.of(oldMap, SparseMap.oldRealSize(block), size, path);
        }
        if (facts.mapInContent()) {
            List<Long> map = SparseMap.inContent(in, path);
            return SparseMap.of(map, facts.realSize().orElse(-1), in.left(), path);
        }
        Optional<List<Long>> map = facts.map();
        if (map.isPresent()) {
            return SparseMap.of(map.get(), facts.realSize().orElse(-1), size, path);
        }
        return Regions.whole(size);
    }

    /** GNU's old format: some regions in the header, more in blocks of their own behind it. */
    private List<Long> oldMap(byte[] block, EntryPath path) throws IOException {
        if (!TarUtils.parseName(block, 257, 6).equals("ustar ")) {
            throw new MalformedArchiveException(
                    "'" + path + "' has holes told in star's own way, which is not known here");
        }
        List<Long> map = new ArrayList<>(SparseMap.inHeader(block));
        boolean more = SparseMap.headerHasMore(block);
        while (more) {
            byte[] next = in.block();
            map.addAll(SparseMap.inBlock(next));
            SparseMap.requireSane(map.size(), path);
            more = SparseMap.blockHasMore(next);
        }
        return map.isEmpty() ? List.of(0L, 0L) : map;
    }
}
