package dev.holdfast.server.log;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Reads the frames of a log one after the other, checking each and its link to the one before. */
final class LogReader {
    /** After a place that cannot be read, the next page of the disk is tried. */
    private static final int PAGE_BYTES = 4096;

    private final ReadableFile file;
    private final long limit;
    private long offset = LogFormat.HEADER_BYTES;
    private long unreadable = -1;
    private Optional<SnapshotRecord> before = Optional.empty();

    LogReader(ReadableFile file, long limit) {
        this.file = file;
        this.limit = limit;
    }

    /** Where the next frame begins, or the broken one. */
    long offset() {
        return offset;
    }

    static boolean headerIsGood(ReadableFile file) {
        byte[] header = new byte[LogFormat.HEADER_BYTES];
        try {
            return file.readFully(header, 0) == header.length && Arrays.equals(header, LogFormat.header());
        } catch (IOException e) {
            return false;
        }
    }

    /** The next record; empty at the end or when what follows is not one, or cannot be read. */
    Optional<SnapshotRecord> next() {
        Optional<SnapshotRecord> record = readable(offset);
        if (record.isEmpty() || !continues(record.get())) {
            return Optional.empty();
        }
        pass(record.get());
        return record;
    }

    /** The next record that is whole, however much damage lies before it and whether it continues the last one or not. */
    Optional<SnapshotRecord> nextWhole() {
        while (offset + LogFormat.FRAME_BYTES < limit) {
            Optional<SnapshotRecord> record = readable(offset);
            if (record.isPresent()) {
                pass(record.get());
                return record;
            }
            offset = unreadable == offset ? (offset / PAGE_BYTES + 1) * PAGE_BYTES : offset + 1;
        }
        return Optional.empty();
    }

    private void pass(SnapshotRecord record) {
        offset += LogFormat.FRAME_BYTES + record.encode().length;
        before = Optional.of(record);
    }

    /** Whether a whole frame begins anywhere after {@link #offset}: then the bytes there are damage, not a torn write. */
    boolean recordFollows() {
        LogReader behind = new LogReader(file, limit);
        behind.offset = offset + 1;
        return behind.nextWhole().isPresent();
    }

    /** Whether what was tried last could not be had from the disk. */
    boolean isUnreadable() {
        return unreadable == offset;
    }

    private Optional<SnapshotRecord> readable(long position) {
        try {
            return at(position);
        } catch (IOException e) {
            unreadable = position;
            return Optional.empty();
        }
    }

    private boolean continues(SnapshotRecord record) {
        return before.isPresent() ? record.follows(before.get()) : record.sequence() == 1;
    }

    private Optional<SnapshotRecord> at(long position) throws IOException {
        byte[] start = new byte[8];
        if (position + LogFormat.FRAME_BYTES > limit || file.readFully(start, position) != start.length) {
            return Optional.empty();
        }
        int length = ByteBuffer.wrap(start).getInt();
        if (ByteBuffer.wrap(start).getInt(4) != SnapshotRecord.MAGIC
                || length < SnapshotRecord.FIXED_BYTES
                || length > SnapshotRecord.MAX_BYTES
                || position + LogFormat.FRAME_BYTES + length > limit) {
            return Optional.empty();
        }
        byte[] frame = new byte[LogFormat.FRAME_BYTES + length];
        if (file.readFully(frame, position) != frame.length
                || ByteBuffer.wrap(frame).getInt(4 + length) != LogFormat.crc(frame, 0, 4 + length)) {
            return Optional.empty();
        }
        try {
            return Optional.of(SnapshotRecord.decode(Arrays.copyOfRange(frame, 4, 4 + length)));
        } catch (MalformedObjectException e) {
            return Optional.empty();
        }
    }
}
