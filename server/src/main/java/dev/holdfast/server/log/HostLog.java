package dev.holdfast.server.log;

import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.disk.WritableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The chain of one host. Invariant: a record is visible to readers only after its bytes and the name of the file survive a power
 * loss; visible records never change. A crash leaves at most one frame that nobody has been told about: a torn one is cut off at
 * the next start (its bytes are kept beside the log, should they matter), a whole one is taken in. A bad frame with a good one
 * behind it is damage: it is reported, nothing is cut, and whatever is whole can still be read.
 */
final class HostLog implements Closeable {
    static final String NAME = "snapshots.log";

    private static final String NOT_THE_NEXT = "no record that follows the one before";

    private final Disk disk;
    private final Path path;
    private final WritableFile file;
    private final Map<String, SnapshotRecord> latest = new ConcurrentHashMap<>();
    private volatile Optional<SnapshotRecord> head = Optional.empty();
    private volatile long visible = LogFormat.HEADER_BYTES;
    private Optional<Path> cutTail = Optional.empty();
    private boolean broken;

    private HostLog(Disk disk, Path path, WritableFile file) {
        this.disk = disk;
        this.path = path;
        this.file = file;
    }

    static HostLog create(Disk disk, Path folder, HeadMark mark) throws IOException {
        disk.createDirectories(folder);
        AtomicFile.write(disk, folder.resolve(NAME), LogFormat.header());
        return open(disk, folder, mark);
    }

    /** Opens a log that must reach as far as {@code mark}. */
    static HostLog open(Disk disk, Path folder, HeadMark mark) throws IOException {
        Path path = folder.resolve(NAME);
        WritableFile file = disk.edit(path);
        try {
            HostLog log = new HostLog(disk, path, file);
            log.takeIn(mark);
            return log;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void takeIn(HeadMark mark) throws IOException {
        try (ReadableFile reading = disk.open(path)) {
            int torn = takeInRecords(reading, mark);
            if (torn > 0) {
                cutTornTail(reading, torn);
            }
        }
        // the last record may be known to the page cache only, left there by a process that was killed
        file.force();
    }

    /** Returns how many bytes of a record that nobody was told about are left at the end. */
    private int takeInRecords(ReadableFile reading, HeadMark mark) throws IOException {
        if (!LogReader.headerIsGood(reading)) {
            throw CorruptLogException.at(0, path, "the header is not that of a log this version knows");
        }
        long size = reading.size();
        LogReader reader = new LogReader(reading, size);
        Optional<SnapshotRecord> record = reader.next();
        while (record.isPresent() && !mark.contradicts(record.get())) {
            show(record.get(), reader.offset());
            record = reader.next();
        }
        boolean follows = record.isPresent() || size - visible > LogFormat.MAX_FRAME_BYTES;
        if (follows || reader.isUnreadable() || reader.recordFollows()) {
            throw CorruptLogException.at(visible, path, NOT_THE_NEXT);
        }
        if (head.map(SnapshotRecord::sequence).orElse(0L) < mark.sequence()) {
            throw CorruptLogException.lostEnd(path, visible, mark);
        }
        return (int) (size - visible);
    }

    private void cutTornTail(ReadableFile reading, int bytes) throws IOException {
        byte[] tail = new byte[bytes];
        reading.readFully(tail, visible);
        Path kept = path.resolveSibling(NAME + "." + visible + ".tail");
        AtomicFile.write(disk, kept, tail);
        file.truncate(visible);
        cutTail = Optional.of(kept);
    }

    /** Where the end of the log lies that was not a whole record when it was opened. */
    Optional<Path> cutTail() {
        return cutTail;
    }

    synchronized SnapshotRecord append(SnapshotSummary summary, UUID repository, Instant now) throws IOException {
        if (broken) {
            throw new IOException("snapshot log " + path + " takes no more records: writing to it failed earlier");
        }
        long sequence = head.map(SnapshotRecord::sequence).orElse(0L) + 1;
        RecordHash previous = head.map(SnapshotRecord::hash).orElse(RecordHash.NONE);
        Instant earliest = head.map(last -> last.received().plusMillis(1)).orElse(now);
        boolean stepped =
                head.isPresent() && now.toEpochMilli() < head.get().received().toEpochMilli();
        Instant received = now.isBefore(earliest) ? earliest : now;
        SnapshotRecord record = new SnapshotRecord(sequence, previous, received, stepped, repository, summary);
        byte[] frame = LogFormat.frame(record.encode());
        try {
            file.write(ByteBuffer.wrap(frame), visible);
            file.force();
        } catch (IOException e) {
            takeBack(e);
            throw e;
        }
        show(record, visible + frame.length);
        return record;
    }

    /** A frame that was not acknowledged must not turn up later as if it had been. */
    private void takeBack(IOException reason) {
        broken = true;
        try {
            file.truncate(visible);
            file.force();
            broken = false;
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void show(SnapshotRecord record, long end) {
        latest.put(record.volume(), record);
        head = Optional.of(record);
        visible = end;
    }

    Optional<SnapshotRecord> head() {
        return head;
    }

    Optional<SnapshotRecord> latest(String volume) {
        return Optional.ofNullable(latest.get(volume));
    }

    /** Whether the file that was opened still has its name: else what is added to it would be gone with the next start. */
    boolean isThere() {
        return disk.exists(path);
    }

    Path path() {
        return path;
    }

    /** Passes on the records; the answer is what was found damaged among them. */
    Optional<CorruptLogException> forEach(Predicate<SnapshotRecord> wanted, Consumer<SnapshotRecord> taker)
            throws IOException {
        long limit = visible;
        try (ReadableFile reading = disk.open(path)) {
            LogReader reader = new LogReader(reading, limit);
            while (reader.offset() < limit) {
                Optional<SnapshotRecord> record = reader.next();
                if (record.isEmpty()) {
                    long damaged = reader.offset();
                    passOn(reader, wanted, taker);
                    return Optional.of(CorruptLogException.at(damaged, path, NOT_THE_NEXT));
                }
                record.filter(wanted).ifPresent(taker);
            }
        }
        return Optional.empty();
    }

    /** Passes on what is whole in a log that cannot be opened. */
    static void salvage(Disk disk, Path folder, Predicate<SnapshotRecord> wanted, Consumer<SnapshotRecord> taker)
            throws IOException {
        try (ReadableFile reading = disk.open(folder.resolve(NAME))) {
            passOn(new LogReader(reading, reading.size()), wanted, taker);
        }
    }

    private static void passOn(LogReader reader, Predicate<SnapshotRecord> wanted, Consumer<SnapshotRecord> taker) {
        Optional<SnapshotRecord> record = reader.nextWhole();
        while (record.isPresent()) {
            record.filter(wanted).ifPresent(taker);
            record = reader.nextWhole();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
