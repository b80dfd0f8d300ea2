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
    private final ReadableFile file;
    private final long limit;
    private long offset = LogFormat.HEADER_BYTES;
    private Optional<SnapshotRecord> before = Optional.empty();

    LogReader(ReadableFile file, long limit) {
        this.file = file;
        this.limit = limit;
    }

    /** Where the next frame begins, or the broken one. */
    long offset() {
        return offset;
    }

    static boolean headerIsGood(ReadableFile file) throws IOException {
        byte[] header = new byte[LogFormat.HEADER_BYTES];
        return file.readFully(header, 0) == header.length && Arrays.equals(header, LogFormat.header());
    }

    /** The next record; empty at the end or when what follows is not one. */
    Optional<SnapshotRecord> next() throws IOException {
        Optional<SnapshotRecord> record = at(offset);
        if (record.isEmpty() || !continues(record.get())) {
            return Optional.empty();
        }
        offset += LogFormat.FRAME_BYTES + record.get().encode().length;
        before = record;
        return record;
    }

    /** The next record that is whole, however much damage lies before it and whether it continues the last one or not. */
    Optional<SnapshotRecord> nextWhole() throws IOException {
        while (offset + LogFormat.FRAME_BYTES < limit) {
            Optional<SnapshotRecord> record = at(offset);
            if (record.isPresent()) {
                offset += LogFormat.FRAME_BYTES + record.get().encode().length;
                before = record;
                return record;
            }
            offset++;
        }
        return Optional.empty();
    }

    /** Whether a whole frame begins anywhere after {@link #offset}: then the bytes there are damage, not a torn write. */
    boolean recordFollows() throws IOException {
        for (long from = offset + 1; from + LogFormat.FRAME_BYTES < limit; from++) {
            if (at(from).isPresent()) {
                return true;
            }
        }
        return false;
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
