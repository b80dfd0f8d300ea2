package dev.holdfast.server.pack;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pack says about itself: its header and where each object lies. In a closed pack it is the footer, which repeats the
 * header so that either copy may be damaged; in any other it is the result of a {@link PackScan}. {@code end} is where the
 * objects end.
 */
public record PackTable(PackHeader header, List<PackEntry> entries, int end) {
    public PackTable {
        entries = List.copyOf(entries);
    }

    /** Where the first object begins. */
    public int start() {
        return header.length();
    }

    /** The footer and the trailer, ready to be written after the last object. */
    byte[] encode() {
        byte[] head = header.encode();
        int footer = PackFormat.FOOTER_FIXED_BYTES + head.length + entries.size() * PackFormat.ENTRY_BYTES;
        ByteBuffer out = ByteBuffer.allocate(footer + PackFormat.TRAILER_BYTES);
        out.putInt(PackFormat.FOOTER_MAGIC).putInt(head.length).putInt(entries.size());
        out.put(head);
        for (PackEntry entry : entries) {
            out.put(entry.id().toBytes()).putInt(entry.offset()).putInt(entry.length());
            out.putInt(entry.kind().number() << 24);
        }
        out.putInt(PackFormat.crc(out.array(), 0, footer - Integer.BYTES));
        out.putLong(end).putInt(footer).putInt(0);
        out.putLong(0).putLong(0);
        header.id().write(out);
        out.putInt(PackFormat.crc(out.array(), footer, PackFormat.TRAILER_BYTES - 8 - Integer.BYTES));
        out.position(footer + PackFormat.TRAILER_BYTES - 8);
        out.putLong(PackFormat.END_MAGIC);
        return out.array();
    }

    /** Reads the footer of a closed pack; throws when any byte of it is wrong, or cannot be read. */
    public static PackTable read(ReadableFile file, Path path) throws CorruptPackException {
        try {
            return readFooter(file, path);
        } catch (CorruptPackException e) {
            throw e;
        } catch (IOException e) {
            throw new CorruptPackException(path, 0, "a pack with a footer", String.valueOf(e.getMessage()));
        }
    }

    private static PackTable readFooter(ReadableFile file, Path path) throws IOException {
        long size = file.size();
        if (size < PackFormat.TRAILER_BYTES + PackFormat.FOOTER_FIXED_BYTES || size > Integer.MAX_VALUE) {
            throw new CorruptPackException(path, size, "a pack with a trailer", "a file of " + size + " bytes");
        }
        byte[] trailer = new byte[PackFormat.TRAILER_BYTES];
        long trailerAt = size - trailer.length;
        int got = file.readFully(trailer, trailerAt);
        ByteBuffer in = ByteBuffer.wrap(trailer);
        int crcAt = trailer.length - 12;
        if (got != trailer.length
                || in.getLong(trailer.length - 8) != PackFormat.END_MAGIC
                || in.getInt(crcAt) != PackFormat.crc(trailer, 0, crcAt)) {
            throw new CorruptPackException(path, trailerAt, "a pack trailer", "other bytes");
        }
        long footerAt = in.getLong();
        int footerBytes = in.getInt();
        int features = in.getInt();
        if (features != 0) {
            throw new CorruptPackException(path, trailerAt, "features 0", "features " + Integer.toHexString(features));
        }
        if (footerAt < 0
                || footerBytes < PackFormat.FOOTER_FIXED_BYTES
                || footerBytes > PackFormat.MAX_FOOTER_BYTES
                || footerAt + footerBytes > trailerAt) {
            throw new CorruptPackException(path, trailerAt, "a footer inside the pack", "offset " + footerAt);
        }
        byte[] footer = new byte[footerBytes];
        if (file.readFully(footer, footerAt) != footerBytes) {
            throw new CorruptPackException(path, footerAt, footerBytes + " bytes of footer", "fewer");
        }
        try {
            return decode(footer, (int) footerAt);
        } catch (MalformedObjectException | BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new CorruptPackException(path, footerAt, "a pack footer", String.valueOf(e.getMessage()));
        }
    }

    private static PackTable decode(byte[] footer, int end) throws MalformedObjectException {
        ByteBuffer in = ByteBuffer.wrap(footer);
        if (in.getInt() != PackFormat.FOOTER_MAGIC
                || in.getInt(footer.length - Integer.BYTES) != PackFormat.crc(footer, 0, footer.length - 4)) {
            throw new MalformedObjectException("footer checksum is wrong");
        }
        int headerBytes = in.getInt();
        int count = in.getInt();
        if (headerBytes < 0
                || headerBytes > PackFormat.MAX_HEADER_BYTES
                || count < 0
                || count > PackFormat.MAX_OBJECTS
                || footer.length
                        != PackFormat.FOOTER_FIXED_BYTES + headerBytes + (long) count * PackFormat.ENTRY_BYTES) {
            throw new MalformedObjectException("footer announces another length");
        }
        PackHeader header = PackHeader.decode(footer, in.position());
        int at = in.position() + headerBytes;
        List<PackEntry> entries = new ArrayList<>(count);
        int expected = headerBytes;
        for (int i = 0; i < count; i++, at += PackFormat.ENTRY_BYTES) {
            PackEntry entry = new PackEntry(
                    ObjectId.copyOf(footer, at),
                    ObjectKind.ofNumber(footer[at + 40] & 0xff),
                    in.getInt(at + 32),
                    in.getInt(at + 36));
            if (entry.offset() != expected || entry.length() <= 0 || entry.length() > end - expected) {
                throw new MalformedObjectException("footer places object " + i + " impossibly");
            }
            expected = entry.end();
            entries.add(entry);
        }
        if (expected != end) {
            throw new MalformedObjectException("footer leaves a gap");
        }
        return new PackTable(header, entries, end);
    }
}
