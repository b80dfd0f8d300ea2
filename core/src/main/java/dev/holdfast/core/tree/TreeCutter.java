package dev.holdfast.core.tree;

import java.util.zip.CRC32C;

/**
 * Decides where tree blocks end: after an entry whose path hashes to a chosen value, so that the same stretch of paths is cut
 * the same way tomorrow, whatever changed before it. Blocks have 32 to 512 KiB, about 96 KiB on average for ordinary names.
 */
public final class TreeCutter {
    private static final int MIN_BYTES = 32 << 10;
    private static final int MAX_BYTES = 512 << 10;
    private static final int MASK = 0x1ff;

    private TreeCutter() {}

    /** Whether a block that now holds {@code builder}'s entries ends with {@code last}. */
    public static boolean endsAfter(TreeBlock.Builder builder, EntryPath last) {
        if (builder.bytes() >= MAX_BYTES || builder.full()) {
            return true;
        }
        if (builder.bytes() < MIN_BYTES) {
            return false;
        }
        CRC32C hash = new CRC32C();
        byte[] path = last.view();
        hash.update(path, 0, path.length);
        return ((int) hash.getValue() & MASK) == 0;
    }
}
