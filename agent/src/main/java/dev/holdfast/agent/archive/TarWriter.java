package dev.holdfast.agent.archive;

import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.ExtendedAttribute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes a tar file as GNU tar does with {@code --format=pax --xattrs --acls --selinux -S}. What the header of 512 bytes cannot hold
 * is told in an extended header before it: long and odd names, large numbers, fractions of seconds, attributes, access control
 * lists, holes (GNU's sparse format 1.0).
 */
final class TarWriter {
    private static final int RECORD_BYTES = 20 * TarHeader.BLOCK;
    private static final byte[] ZEROS = new byte[64 << 10];
    private static final byte[] HERE = {'.', '/'};

    private final OutputStream out;
    private long written;
    private long left;
    private boolean sparse;

    /** {@code out} stays the caller's. */
    TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes anything but a regular file. */
    void add(Entry entry) throws IOException {
        begin(entry, typeFlag(entry.type()), entry.linkTarget(), Regions.whole(0));
    }

    /** Writes a further name of a file that was written as {@code first}. */
    void addLink(Entry entry, EntryPath first) throws IOException {
        begin(entry, '1', inside(first.toBytes()), Regions.whole(0));
    }

    /** Begins a regular file: {@link #write} and {@link #skip} follow until its whole size is covered, then {@link #end}. */
    void begin(Entry entry, Regions regions) throws IOException {
        begin(entry, '0', new byte[0], regions);
    }

    private void begin(Entry entry, char type, byte[] linkTarget, Regions regions) throws IOException {
        sparse = regions.sparse();
        left = regions.size();
        byte[] name = name(entry);
        byte[] map = sparse ? map(regions) : new byte[0];
        TarHeader header = new TarHeader(name, type, linkTarget, entry);
        header.setSize(regions.dataBytes() + map.length);
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        if (!isText(name) || !isText(linkTarget)) {
            PaxRecords.write(records, "hdrcharset", "BINARY");
        }
        if (sparse) {
            PaxRecords.write(records, "GNU.sparse.major", "1");
            PaxRecords.write(records, "GNU.sparse.minor", "0");
            PaxRecords.write(records, "GNU.sparse.name", name);
            PaxRecords.write(records, "GNU.sparse.realsize", String.valueOf(regions.size()));
            header.hideName();
        }
        header.tellTheRest(records);
        tellAttributes(entry, records);
        if (records.size() > 0) {
            block(TarHeader.ofRecords(name, records.size(), entry).toBytes());
            raw(records.toByteArray(), 0, records.size());
            pad();
        }
        block(header.toBytes());
        raw(map, 0, map.length);
    }

    /** Some bytes of the file begun. */
    void write(byte[] bytes, int from, int length) throws IOException {
        left -= length;
        raw(bytes, from, length);
    }

    /** A hole in the file begun, as its regions said; in a file without holes, zeros. */
    void skip(long length) throws IOException {
        left -= length;
        if (!sparse) {
            zeros(length);
        }
    }

    /** How much of the file begun is not covered yet; negative when there was too much. */
    long left() {
        return left;
    }

    /** Ends the file begun. */
    void end() throws IOException {
        if (left != 0) {
            throw new IllegalStateException(left + " bytes of a file are not written");
        }
        pad();
    }

    /** The end of the archive. */
    void finish() throws IOException {
        zeros(2L * TarHeader.BLOCK);
        zeros((RECORD_BYTES - written % RECORD_BYTES) % RECORD_BYTES);
        out.flush();
    }

    // ---- names

    private static byte[] name(Entry entry) {
        byte[] name = inside(entry.path().toBytes());
        boolean slash = entry.type() == EntryType.DIRECTORY && !entry.path().isRoot();
        return slash ? join(name, new byte[] {'/'}) : name;
    }

    private static byte[] inside(byte[] path) {
        return join(HERE, path);
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    static boolean isText(byte[] name) {
        return Arrays.equals(new String(name, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), name);
    }

    private static char typeFlag(EntryType type) {
        return switch (type) {
            case FILE -> '0';
            case SYMLINK -> '2';
            case CHARACTER_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
            case SOCKET -> throw new IllegalArgumentException("tar files have no sockets");
        };
    }

    // ---- attributes

    private static void tellAttributes(Entry entry, ByteArrayOutputStream records) {
        for (ExtendedAttribute attribute : entry.attributes()) {
            String name = new String(attribute.name(), StandardCharsets.ISO_8859_1);
            byte[] value = attribute.value();
            switch (name) {
                case "system.posix_acl_access" -> tellAcl("SCHILY.acl.access", value, records);
                case "system.posix_acl_default" -> tellAcl("SCHILY.acl.default", value, records);
                case "security.selinux" -> PaxRecords.write(records, "RHT.security.selinux", withoutEnd(value));
                default -> {}
            }
            PaxRecords.write(records, XattrKey.of(name), value);
        }
    }

    /** As text too, for those who read only that. */
    private static void tellAcl(String key, byte[] value, ByteArrayOutputStream records) {
        Optional<String> text = AclText.of(value);
        text.ifPresent(list -> PaxRecords.write(records, key, list));
    }

    private static byte[] withoutEnd(byte[] label) {
        boolean ended = label.length > 0 && label[label.length - 1] == 0;
        return ended ? Arrays.copyOf(label, label.length - 1) : label;
    }

    // ---- bytes

    /** GNU's sparse map: how many regions, then offset and length of each; a hole at the end is an empty region. */
    private static byte[] map(Regions regions) {
        boolean holeAtEnd = regions.data().isEmpty()
                || regions.data().get(regions.data().size() - 1).end() < regions.size();
        StringBuilder text = new StringBuilder();
        text.append(regions.data().size() + (holeAtEnd ? 1 : 0)).append('\n');
        regions.data()
                .forEach(region -> text.append(region.offset())
                        .append('\n')
                        .append(region.length())
                        .append('\n'));
        if (holeAtEnd) {
            text.append(regions.size()).append("\n0\n");
        }
        byte[] map = text.toString().getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(map, TarHeader.padded(map.length));
    }

    private void block(byte[] header) throws IOException {
        raw(header, 0, header.length);
    }

    private void pad() throws IOException {
        zeros((TarHeader.BLOCK - written % TarHeader.BLOCK) % TarHeader.BLOCK);
    }

    private void zeros(long count) throws IOException {
        for (long rest = count; rest > 0; rest -= ZEROS.length) {
            raw(ZEROS, 0, (int) Math.min(rest, ZEROS.length));
        }
    }

    private void raw(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        written += length;
    }
}
