package dev.holdfast.agent.archive;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/** The blocks of a tar file, and the bytes of the entry at hand. */
final class TarInput {
    private static final int DRAIN_BYTES = 64 << 10;

    private final InputStream in;
    private String entry = "";
    private long at;
    private long left;
    private long padding;

    TarInput(InputStream in) {
        this.in = in;
    }

    /** The next header, checked; null where the archive says that it ends. */
    byte @Nullable [] header() throws IOException {
        byte[] block = block();
        if (isZero(block)) {
            return null;
        }
        if (!isHeader(block)) {
            throw new MalformedArchiveException("at byte " + headerAt() + " there should be a header and is none");
        }
        return block;
    }

    static boolean isHeader(byte[] block) {
        try {
            return TarUtils.verifyCheckSum(block);
        } catch (IllegalArgumentException e) {
            return false; // what stands for the sum is no number
        }
    }

    /** Where the last header was. */
    long headerAt() {
        return at - TarHeader.BLOCK;
    }

    byte[] block() throws IOException {
        byte[] block = in.readNBytes(TarHeader.BLOCK);
        at += block.length;
        if (block.length < TarHeader.BLOCK) {
            throw cutOff(entry.isEmpty() ? "before the first entry" : "behind '" + entry + "'");
        }
        return block;
    }

    /** What the bytes at hand belong to, for people. */
    void name(String current) {
        entry = current;
    }

    private MalformedArchiveException cutOff() {
        return cutOff(entry.isEmpty() ? "before the first entry" : "in the middle of '" + entry + "'");
    }

    private MalformedArchiveException cutOff(String where) {
        return new MalformedArchiveException("it is cut off: it ends at byte " + at + ", " + where);
    }

    static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** So many bytes of content follow. */
    void beginEntry(long size) {
        left = size;
        padding = (TarHeader.BLOCK - size % TarHeader.BLOCK) % TarHeader.BLOCK;
    }

    /** What of the content was not read yet. */
    long left() {
        return left;
    }

    /** Passes over what was not read. */
    void endEntry() throws IOException {
        pass(left + padding);
        left = 0;
        padding = 0;
    }

    void skip(long size) throws IOException {
        beginEntry(size);
        endEntry();
    }

    private void pass(long count) throws IOException {
        // Not skipped: a file can be skipped beyond its end.
        byte[] passed = new byte[(int) Math.min(count, DRAIN_BYTES)];
        for (long more = count; more > 0; ) {
            int length = (int) Math.min(more, passed.length);
            int got = in.readNBytes(passed, 0, length);
            at += got;
            more -= got;
            if (got < length) {
                throw cutOff();
            }
        }
    }

    /** Reads content: as much as there is, up to {@code length}. */
    int read(byte[] target, int offset, int length) throws IOException {
        int count = in.readNBytes(target, offset, (int) Math.min(length, left));
        at += count;
        if (count < Math.min(length, left)) {
            throw cutOff();
        }
        left -= count;
        return count;
    }

    byte[] exactly(int length) throws IOException {
        if (length > left) {
            throw new MalformedArchiveException("the entry at byte " + at + " is shorter than it says itself");
        }
        byte[] bytes = new byte[length];
        int unused = read(bytes, 0, length);
        return bytes;
    }

    /** Reads on to the end, so that a compressed archive is checked as a whole; whether there was nothing but zeros. */
    boolean drain() throws IOException {
        boolean zeros = true;
        byte[] bytes = in.readNBytes(DRAIN_BYTES);
        while (bytes.length > 0) {
            zeros &= isZero(bytes);
            bytes = in.readNBytes(DRAIN_BYTES);
        }
        return zeros;
    }
}
