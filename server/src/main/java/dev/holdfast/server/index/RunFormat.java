package dev.holdfast.server.index;

import java.util.zip.CRC32C;

/**
 * The numbers of the layout of a run; {@code docs/format.md} has the tables and a test compares them. A run is
 *
 * <pre>
 * blocks of entries, sorted by id | pack table | fences | filter | trailer
 * </pre>
 *
 * Each block has its own checksum, so that opening a run reads only what is kept in memory.
 */
public final class RunFormat {
    /** "HFINDEX\n". */
    public static final long MAGIC = 0x4846494e4445580aL;

    public static final int VERSION = 1;
    public static final int ENTRY_BYTES = 44;
    public static final int BLOCK_BYTES = 4096;
    /** Entries of a block; the checksum takes its last four bytes. */
    public static final int BLOCK_ENTRIES = 93;
    /** A pack in the pack table, without its host's name. */
    public static final int PACK_FIXED_BYTES = 38;

    public static final int FENCE_BYTES = 8;
    public static final int FILTER_BLOCK_BYTES = 32;
    public static final int TRAILER_BYTES = 44;
    public static final String SUFFIX = ".run";

    /** No run has more entries: its filter and fences have to fit into memory while it is made. */
    public static final int MAX_ENTRIES = 1 << 24;

    static final int KIND_SHIFT = 28;
    static final int LENGTH_MASK = (1 << KIND_SHIFT) - 1;

    private RunFormat() {}

    static int blocks(long entries) {
        return (int) ((entries + BLOCK_ENTRIES - 1) / BLOCK_ENTRIES);
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
