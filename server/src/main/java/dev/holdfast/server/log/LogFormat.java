package dev.holdfast.server.log;

import dev.holdfast.core.snapshot.SnapshotRecord;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a snapshot log: a header of 16 bytes (u64 magic "HFSLOG1\n", u32 feature flags, u32 CRC-32C), then frames of
 * u32 length, the record, u32 CRC-32C over both.
 */
public final class LogFormat {
    public static final long MAGIC = 0x4846534c4f47310aL;
    public static final int HEADER_BYTES = 16;
    /** What a frame adds to its record. */
    public static final int FRAME_BYTES = 8;

    static final int MAX_FRAME_BYTES = FRAME_BYTES + SnapshotRecord.MAX_BYTES;

    private LogFormat() {}

    static byte[] header() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putInt(0);
        return out.putInt(crc(out.array(), 0, 12)).array();
    }

    static byte[] frame(byte[] record) {
        ByteBuffer out = ByteBuffer.allocate(FRAME_BYTES + record.length);
        out.putInt(record.length).put(record);
        return out.putInt(crc(out.array(), 0, 4 + record.length)).array();
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
