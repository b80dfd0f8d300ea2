package dev.holdfast.agent.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Recognises files that are changed in place, page by page, so that their pages get fingerprints at once: SQLite ("SQLite
 * Database File Format" 1.3), PostgreSQL relations (page header, {@code pd_pagesize_version}), InnoDB tablespaces.
 */
final class Pages {
    /** Enough of a file's beginning to recognise it. */
    static final int HEAD_BYTES = 100;
    /** Smaller files are read whole anyway. */
    static final int MIN_FILE_BYTES = 1 << 20;

    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int POSTGRES_PAGE = 8192;
    private static final int POSTGRES_HEADER = 24;
    private static final int INNODB_PAGE = 16384;
    private static final int INNODB_TYPE_OFFSET = 24;
    private static final int INNODB_TYPE_FSP_HEADER = 8;
    private static final int PLAIN_PAGE = 4096;

    private Pages() {}

    /** The page size of a file that begins with {@code head}, or 0 when it is not recognised. */
    static int recognise(byte[] head, long size) {
        if (size < MIN_FILE_BYTES || head.length < HEAD_BYTES) {
            return 0;
        }
        if (Arrays.equals(head, 0, SQLITE.length, SQLITE, 0, SQLITE.length)) {
            int stored = ByteBuffer.wrap(head).getShort(16) & 0xffff;
            int page = stored == 1 ? 1 << 16 : stored;
            return page >= 512 && Integer.bitCount(page) == 1 ? Math.max(page, PLAIN_PAGE) : 0;
        }
        ByteBuffer little = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int lower = little.getShort(12) & 0xffff;
        int upper = little.getShort(14) & 0xffff;
        int special = little.getShort(16) & 0xffff;
        int sizeAndVersion = little.getShort(18) & 0xffff;
        boolean ordered = POSTGRES_HEADER <= lower && lower <= upper && upper <= special && special <= POSTGRES_PAGE;
        if (ordered
                && (sizeAndVersion & 0xff00) == POSTGRES_PAGE
                && (sizeAndVersion & 0xff) <= 8
                && size % POSTGRES_PAGE == 0) {
            return POSTGRES_PAGE;
        }
        if (size % INNODB_PAGE == 0 && ByteBuffer.wrap(head).getShort(INNODB_TYPE_OFFSET) == INNODB_TYPE_FSP_HEADER) {
            return INNODB_PAGE;
        }
        return 0;
    }

    /**
     * The page size for a file of another kind that was seen to change in place (same inode, whole pages): the fingerprints
     * taken now make the next change cheap.
     */
    static int whenChangedInPlace(long size) {
        return size >= MIN_FILE_BYTES && size % PLAIN_PAGE == 0 ? PLAIN_PAGE : 0;
    }
}
