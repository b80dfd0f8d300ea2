package dev.holdfast.server.store;

import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.disk.WritableFile;
import dev.holdfast.server.pack.PackId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Remembers where in closed packs reading met damage: a file of marks of {@value #MARK_BYTES} bytes, made when the first is needed.
 * It is not synced: a mark that is lost only means that the damage is met once more.
 */
final class DoubtfulMarks implements Closeable {
    static final String NAME = "doubtful";
    static final int MARK_BYTES = PackId.BYTES + 12;

    private final Disk disk;
    private final Path path;
    private Optional<WritableFile> file = Optional.empty();
    private long end;

    /** An object that is damaged; {@code slot} when it is, or may be, a key slot, without which others do not open. */
    record Mark(PackId pack, int offset, boolean slot) {
        private ByteBuffer encode() {
            ByteBuffer out = ByteBuffer.allocate(MARK_BYTES);
            out.putLong(pack.high()).putLong(pack.low()).putInt(offset).putInt(slot ? 1 : 0);
            return out.putInt(crc(out.array())).flip();
        }
    }

    DoubtfulMarks(Disk disk, Path realm) {
        this.disk = disk;
        this.path = realm.resolve(NAME);
    }

    /** What the file says, up to the first mark that is not whole; new marks follow there. */
    synchronized List<Mark> read() {
        List<Mark> marks = new ArrayList<>();
        end = 0;
        if (disk.exists(path)) {
            try (ReadableFile reading = disk.open(path)) {
                byte[] mark = new byte[MARK_BYTES];
                while (reading.readFully(mark, end) == mark.length && isGood(mark)) {
                    ByteBuffer in = ByteBuffer.wrap(mark);
                    marks.add(new Mark(new PackId(in.getLong(), in.getLong()), in.getInt(), in.getInt() != 0));
                    end += mark.length;
                }
            } catch (IOException e) {
                // a mark that cannot be read is as good as lost
            }
        }
        return marks;
    }

    synchronized void add(Mark mark) throws IOException {
        if (file.isEmpty()) {
            file = Optional.of(disk.exists(path) ? disk.edit(path) : disk.create(path));
        }
        file.get().write(mark.encode(), end);
        end += MARK_BYTES;
    }

    /** Puts these in the place of all that were there. */
    static void replace(Disk disk, Path realm, List<Mark> marks) throws IOException {
        Path path = realm.resolve(NAME);
        if (!marks.isEmpty()) {
            ByteBuffer all = ByteBuffer.allocate(Math.multiplyExact(marks.size(), MARK_BYTES));
            marks.forEach(mark -> all.put(mark.encode()));
            AtomicFile.write(disk, path, all.array());
        } else if (disk.exists(path)) {
            disk.delete(path);
        }
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
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
