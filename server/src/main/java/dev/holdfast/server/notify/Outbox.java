package dev.holdfast.server.notify;

import dev.holdfast.core.daemon.PrivateFolder;
import dev.holdfast.keys.store.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one receiver: a folder with a file for each notice, oldest first. A notice is there when {@link #add} has returned, and
 * until it was taken, for at most three days; of more than some hundreds the oldest are dropped.
 */
final class Outbox {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    static final Duration KEPT = Duration.ofDays(3);
    static final int MOST = 500;
    private static final String END = ".json";

    private final Path folder;
    private long next;

    private Outbox(Path folder, long next) {
        this.folder = folder;
        this.next = next;
    }

    /** A notice that waits. */
    record Entry(Path file, Notice notice) {}

    /** The folder is made when something has to wait in it. */
    static Outbox in(Path folder) throws IOException {
        List<String> names = names(folder);
        long last = names.isEmpty() ? 0 : number(names.get(names.size() - 1));
        return new Outbox(folder, last + 1);
    }

    /** How many wait there. */
    static int count(Path folder) throws IOException {
        return names(folder).size();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("[0-9]{12}-[0-9a-f]{8}\\.json"))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static long number(String name) {
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }

    /** {@code newestOnly} drops what waits about the same volume. */
    synchronized void add(Notice notice, boolean newestOnly) throws IOException {
        PrivateFolder.create(folder);
        String subject = String.format(Locale.ROOT, "%08x", (notice.host() + "/" + notice.volume()).hashCode());
        List<String> waiting = new ArrayList<>(names(folder));
        String name = String.format(Locale.ROOT, "%012d-%s%s", next++, subject, END);
        AtomicFile.write(folder.resolve(name), NoticeJson.whole(notice), "rw-------");
        if (newestOnly) {
            for (String older : List.copyOf(waiting)) {
                if (older.endsWith("-" + subject + END)) {
                    Files.deleteIfExists(folder.resolve(older));
                    waiting.remove(older);
                }
            }
        }
        if (waiting.size() >= MOST) {
            Files.deleteIfExists(folder.resolve(waiting.get(0)));
            log.warn("more than {} notices wait in {}; the oldest is dropped", MOST, folder.getFileName());
        }
    }

    /** The oldest; drops what has waited too long or makes no sense. */
    synchronized Optional<Entry> first(Instant now) throws IOException {
        for (String name : names(folder)) {
            Path file = folder.resolve(name);
            try {
                Notice notice = NoticeJson.read(Files.readAllBytes(file));
                if (notice.at().plus(KEPT).isAfter(now)) {
                    return Optional.of(new Entry(file, notice));
                }
                log.warn("nobody has taken this for {} days, and it is dropped: {}", KEPT.toDays(), notice.title());
            } catch (NoSuchFileException e) {
                continue;
            } catch (IOException e) {
                log.warn("{} cannot be read as a notice and is dropped: {}", file, e.getMessage());
            }
            Files.deleteIfExists(file);
        }
        return Optional.empty();
    }

    synchronized void remove(Entry entry) throws IOException {
        Files.deleteIfExists(entry.file());
    }

    int waiting() throws IOException {
        return count(folder);
    }
}
