package dev.holdfast.server.log;

import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.disk.WritableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, beside the logs of a realm, the last record of each host that was acknowledged: so a log that is gone, or that has lost
 * its end, is not taken for one that never had it. Invariant: a mark is written after its record is safe, and is safe itself before
 * anybody is told. So a log that says less than its mark has lost something, and what is not whole behind a record that is marked was
 * torn by a crash.
 *
 * <p>Lines are appended; the furthest of a host counts. A start leaves one line for each host. Commits that come together share one
 * sync. A mark that cannot be written fails no commit, since the record is safe: the next mark writes the file anew.
 *
 * <p>A loss of power may tear what was appended last: a line without end, or one with zeros in it, where the disk has nothing yet.
 * Any other line that is not whole is damage. Then nobody knows of whom it spoke, so no history of the realm is continued, and the
 * file is left as it is.
 */
final class HeadMarks implements Closeable {
    static final String NAME = "heads";
    private static final Logger log = LoggerFactory.getLogger(HeadMarks.class);

    private final Disk disk;
    private final Path path;
    private final Map<String, HeadMark> marks = new ConcurrentSkipListMap<>();
    private final Queue<HeadMark> waiting = new ConcurrentLinkedQueue<>();
    private final Optional<String> found;
    private final Optional<String> damage;
    /** Empty as long as the file has to be written anew. */
    private Optional<WritableFile> file = Optional.empty();

    private long end;

    private HeadMarks(Disk disk, Path path, Optional<String> found, Optional<String> unreadable) {
        this.disk = disk;
        this.path = path;
        this.found = found;
        this.damage = found.isPresent() ? takeIn(found.get()) : unreadable;
    }

    /** Answers what is wrong with the first line that is damaged. */
    private Optional<String> takeIn(String text) {
        Optional<String> wrong = Optional.empty();
        int start = 0;
        for (int number = 1; start < text.length(); number++) {
            int end = text.indexOf('\n', start);
            String line = end < 0 ? text.substring(start) : text.substring(start, end);
            Optional<HeadMark> mark = HeadMark.ofLine(line);
            mark.ifPresent(this::raise);
            boolean torn = end < 0 || line.indexOf('\0') >= 0;
            if (mark.isEmpty() && !torn && wrong.isEmpty()) {
                wrong = Optional.of("line " + number + " is not whole");
            }
            start = end < 0 ? text.length() : end + 1;
        }
        return wrong;
    }

    /** Reads what a realm's folder has; {@link #begin} must follow before the first {@link #note}. */
    static HeadMarks read(Disk disk, Path realm) {
        Path path = realm.resolve(NAME);
        Optional<String> found = Optional.empty();
        Optional<String> unreadable = Optional.empty();
        if (disk.exists(path)) {
            try (ReadableFile reading = disk.open(path)) {
                byte[] bytes = new byte[Math.toIntExact(reading.size())];
                found = Optional.of(new String(bytes, 0, reading.readFully(bytes, 0), StandardCharsets.UTF_8));
            } catch (IOException | ArithmeticException e) {
                unreadable = Optional.of("it cannot be read, " + e.getMessage());
            }
        }
        return new HeadMarks(disk, path, found, unreadable);
    }

    private void raise(HeadMark mark) {
        marks.merge(mark.host(), mark, HeadMark::further);
    }

    /** Whether there was a file. If not, the repository is new, or what it knew is lost. */
    boolean wereThere() {
        return found.isPresent() || damage.isPresent();
    }

    /**
     * Whether the file is empty beside logs of which the longest has so many records. The mark of a first record may be on its way
     * when the power goes, that of a second only after it.
     */
    boolean wereEmptied(long longest) {
        return found.filter(String::isEmpty).isPresent() && longest > 1;
    }

    /** What is wrong with the file beside logs of which the longest has so many records. */
    Optional<CorruptLogException> damage(long longest) {
        boolean nothingButZeros =
                damage.isEmpty() && found.filter(text -> !text.isEmpty()).isPresent() && marks.isEmpty() && longest > 1;
        return (nothingButZeros ? Optional.of("it speaks of no host") : damage)
                .map(what -> CorruptLogException.marks(path, what));
    }

    Path path() {
        return path;
    }

    HeadMark of(String host) {
        return marks.getOrDefault(host, HeadMark.none(host));
    }

    Set<String> hosts() {
        return marks.keySet();
    }

    /** Takes over the heads that a start has found, and makes all that is known safe. */
    synchronized void begin(Collection<SnapshotRecord> heads) {
        heads.forEach(head -> raise(HeadMark.of(head)));
        try {
            if (found.filter(content()::equals).isPresent()) {
                edit();
                // the last mark may be known to the page cache only, left there by a process that was killed
                file.orElseThrow().force();
            } else {
                writeAnew();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Returns when it is safe that this record was acknowledged, or when that cannot be remembered. */
    void note(SnapshotRecord head) {
        HeadMark mark = HeadMark.of(head);
        waiting.add(mark);
        synchronized (this) {
            if (waiting.contains(mark)) {
                writeAllThatWait();
            }
        }
    }

    private void writeAllThatWait() {
        StringBuilder lines = new StringBuilder();
        for (HeadMark next = waiting.poll(); next != null; next = waiting.poll()) {
            raise(next);
            lines.append(next.line());
        }
        try {
            if (file.isEmpty()) {
                writeAnew();
            } else {
                byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
                file.get().write(ByteBuffer.wrap(bytes), end);
                file.get().force();
                end += bytes.length;
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private String content() {
        return marks.values().stream().map(HeadMark::line).collect(Collectors.joining());
    }

    private void writeAnew() throws IOException {
        AtomicFile.write(disk, path, content().getBytes(StandardCharsets.UTF_8));
        edit();
    }

    private void edit() throws IOException {
        file = Optional.of(disk.edit(path));
        end = disk.size(path);
    }

    private void failed(IOException reason) {
        log.warn("{} cannot be written, so a lost snapshot may go unnoticed: {}", path, reason.getMessage());
        close();
        file = Optional.empty();
    }

    @Override
    public synchronized void close() {
        try {
            if (file.isPresent()) {
                file.get().close();
            }
        } catch (IOException e) {
            // everything that was written is safe already
        }
    }
}
