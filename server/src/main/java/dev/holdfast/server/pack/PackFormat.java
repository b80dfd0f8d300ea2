package dev.holdfast.server.pack;

import dev.holdfast.core.snapshot.SnapshotSummary;
import java.util.zip.CRC32C;

/**
 * The numbers of the pack layout; {@code docs/format.md} has the tables and a test compares them. A pack is
 *
 * <pre>
 * header | objects back to back | footer (object table) | trailer
 * </pre>
 *
 * The trailer has room for one more section after the footer (parity), announced by its offset and length.
 */
public final class PackFormat {
    /** "HFPACK1\n". */
    public static final long MAGIC = 0x48465041434b310aL;

    public static final int VERSION = 1;
    /** Header bytes without the two names: 44 before them, the checksum after them. */
    public static final int HEADER_FIXED_BYTES = 48;
    /** "HFTB". */
    public static final int FOOTER_MAGIC = 0x48465442;

    public static final int FOOTER_FIXED_BYTES = 16;
    public static final int ENTRY_BYTES = 44;
    public static final int TRAILER_BYTES = 60;
    /** "HFPKEND\n". */
    public static final long END_MAGIC = 0x4846504b454e440aL;

    /** A pack is closed once its objects reach this size. */
    public static final int TARGET_BYTES = 64 << 20;
    /** A pack is closed once it holds this many objects, however small. */
    public static final int MAX_OBJECTS = 1 << 16;
    /** Longest realm or host name in UTF-8 bytes. */
    public static final int MAX_NAME_BYTES = SnapshotSummary.MAX_NAME_BYTES;

    static final int MAX_HEADER_BYTES = HEADER_FIXED_BYTES + 2 * MAX_NAME_BYTES;
    static final int MAX_FOOTER_BYTES = FOOTER_FIXED_BYTES + MAX_HEADER_BYTES + MAX_OBJECTS * ENTRY_BYTES;

    public static final String OPEN_SUFFIX = ".open";
    public static final String CLOSED_SUFFIX = ".pack";
    public static final String DAMAGED_SUFFIX = ".damaged";

    private PackFormat() {}

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
