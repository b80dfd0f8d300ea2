package dev.holdfast.server.store;

import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.disk.WritableFile;
import dev.holdfast.server.pack.PackId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Remembers how far each pack has been verified: a file of marks of 24 bytes (pack id, u32 verified up to, u32 CRC-32C). It is
 * not synced: a mark that is lost only means that the pack is verified once more.
 */
final class VerifiedMarks implements Closeable {
    static final String NAME = "verified";
    static final int MARK_BYTES = PackId.BYTES + 8;

    private final WritableFile file;
    private long end;

    private VerifiedMarks(WritableFile file, long end) {
        this.file = file;
        this.end = end;
    }

    /** Opens the file in a realm's folder and adds what it says to {@code marks}. */
    static VerifiedMarks open(Disk disk, Path realm, Map<PackId, Integer> marks) throws IOException {
        Path path = realm.resolve(NAME);
        if (!disk.exists(path)) {
            return new VerifiedMarks(disk.create(path), 0);
        }
        Map<PackId, Integer> found = new HashMap<>();
        long end = 0;
        try (ReadableFile reading = disk.open(path)) {
            byte[] mark = new byte[MARK_BYTES];
            while (reading.readFully(mark, end) == mark.length && isGood(mark)) {
                ByteBuffer in = ByteBuffer.wrap(mark);
                found.merge(new PackId(in.getLong(), in.getLong()), in.getInt(), Math::max);
                end += mark.length;
            }
        } catch (IOException e) {
            // a mark that cannot be read is as good as lost
        }
        marks.putAll(found);
        return new VerifiedMarks(disk.edit(path), end);
    }

    synchronized void add(PackId pack, int upTo) throws IOException {
        ByteBuffer mark = ByteBuffer.allocate(MARK_BYTES);
        mark.putLong(pack.high()).putLong(pack.low()).putInt(upTo);
        mark.putInt(crc(mark.array())).flip();
        file.write(mark, end);
        end += MARK_BYTES;
    }

    private static boolean isGood(byte[] mark) {
        return ByteBuffer.wrap(mark).getInt(MARK_BYTES - 4) == crc(mark);
    }

    private static int crc(byte[] mark) {
        CRC32C crc = new CRC32C();
        crc.update(mark, 0, MARK_BYTES - 4);
        return (int) crc.getValue();
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
