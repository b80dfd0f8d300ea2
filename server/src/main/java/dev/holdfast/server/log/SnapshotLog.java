package dev.holdfast.server.log;

import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.FileNames;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The snapshots of a realm: one hash-chained log per host, under {@code hosts/HOST/snapshots.log}. {@link #append} returns when
 * the record survives a power loss; only then do readers see it. A damaged log stops that host's history from being continued,
 * and no other's; what is whole in it can still be read. When the list of how far the logs must reach is damaged, none is continued.
 */
public final class SnapshotLog implements Closeable {
    private static final String HOSTS = "hosts";

    private final Disk disk;
    private final Path hosts;
    private final UUID repository;
    private final InstantSource clock;
    private final Map<String, HostLog> logs = new ConcurrentSkipListMap<>();
    private final Map<String, CorruptLogException> damaged = new ConcurrentSkipListMap<>();
    private final HeadMarks marks;
    private Optional<CorruptLogException> damagedMarks = Optional.empty();
    private boolean newMarks;

    private SnapshotLog(Disk disk, Path realm, UUID repository, InstantSource clock) {
        this.disk = disk;
        this.hosts = realm.resolve(HOSTS);
        this.marks = HeadMarks.read(disk, realm);
        this.repository = repository;
        this.clock = clock;
    }

    /** Opens all logs under a realm's folder, which must exist. */
    public static SnapshotLog open(Disk disk, Path realm, UUID repository, InstantSource clock) throws IOException {
        disk.createDirectories(realm.resolve(HOSTS));
        SnapshotLog log = new SnapshotLog(disk, realm, repository, clock);
        Set<String> known = new TreeSet<>(log.marks.hosts());
        known.addAll(disk.list(log.hosts));
        for (String host : known) {
            log.open(host);
        }
        log.beginMarks();
        return log;
    }

    private void beginMarks() {
        List<SnapshotRecord> heads =
                logs.values().stream().flatMap(one -> one.head().stream()).toList();
        long longest = heads.stream().mapToLong(SnapshotRecord::sequence).max().orElse(0);
        damagedMarks = marks.damage(longest);
        newMarks = !marks.wereThere() || marks.wereEmptied(longest);
        if (damagedMarks.isEmpty()) {
            marks.begin(heads);
        }
    }

    /** The file that says how far the logs must reach, if it was not there, or empty, when they were opened and was written anew from them. */
    public Optional<Path> newMarks() {
        return newMarks ? Optional.of(marks.path()) : Optional.empty();
    }

    private void open(String host) throws IOException {
        Path folder = hosts.resolve(host);
        HeadMark mark = marks.of(host);
        if (disk.exists(folder.resolve(HostLog.NAME))) {
            disk.syncDirectory(folder);
            try {
                logs.put(host, HostLog.open(disk, folder, mark));
            } catch (CorruptLogException e) {
                damaged.put(host, e);
            }
        } else if (mark.sequence() > 0 || !marks.wereThere()) {
            // a folder without a log that no mark speaks of was left by a crash, unless the marks are lost as well
            damaged.put(host, CorruptLogException.missing(folder.resolve(HostLog.NAME), host));
        }
    }

    /**
     * Adds a record to the chain of {@code summary.host()}. The caller must have made sure that the snapshot is complete and
     * safe, and that the host is who it says.
     */
    public SnapshotRecord append(SnapshotSummary summary) throws IOException {
        SnapshotRecord record = logOf(summary.host()).append(summary, repository, clock.instant());
        marks.note(record);
        return record;
    }

    private HostLog logOf(String host) throws IOException {
        refuseDamaged(host);
        synchronized (logs) {
            HostLog log = logs.get(host);
            if (log == null) {
                log = HostLog.create(disk, hosts.resolve(FileNames.check(host)), marks.of(host));
                logs.put(host, log);
            }
            return log;
        }
    }

    private void refuseDamaged(String host) throws CorruptLogException {
        Optional<CorruptLogException> damage = damage(host);
        if (damage.isPresent()) {
            throw damage.get();
        }
    }

    /** The hosts that have a history, sorted; also those whose log is damaged. */
    public List<String> hosts() {
        TreeSet<String> all = new TreeSet<>(logs.keySet());
        all.addAll(damaged.keySet());
        return List.copyOf(all);
    }

    /** The logs that were found damaged so far, or are gone, and the list of how far they must reach. */
    public List<CorruptLogException> damage() {
        return Stream.concat(damagedMarks.stream(), hosts().stream().flatMap(host -> damageOfLog(host).stream()))
                .toList();
    }

    /** What was found damaged of a host's history so far: then {@link #forEach} may not have passed on all that there was. */
    public Optional<CorruptLogException> damage(String host) {
        return damageOfLog(host).or(() -> damagedMarks);
    }

    private Optional<CorruptLogException> damageOfLog(String host) {
        HostLog log = logs.get(host);
        return damaged.containsKey(host) || log == null || log.isThere()
                ? Optional.ofNullable(damaged.get(host))
                : Optional.of(CorruptLogException.missing(log.path(), host));
    }

    /** Ends of logs that were no whole records and lie in files of their own now: nobody was told of them. */
    public List<Path> cutTails() {
        return logs.values().stream().flatMap(log -> log.cutTail().stream()).toList();
    }

    /** The last record of a host's chain; empty for a host without history. */
    public Optional<SnapshotRecord> head(String host) throws CorruptLogException {
        refuseDamaged(host);
        return Optional.ofNullable(logs.get(host)).flatMap(HostLog::head);
    }

    /** The newest snapshot of a volume. */
    public Optional<SnapshotRecord> latest(String host, String volume) throws CorruptLogException {
        refuseDamaged(host);
        return Optional.ofNullable(logs.get(host)).flatMap(log -> log.latest(volume));
    }

    /** The newest snapshot of a volume that is whole, also in a history that is damaged and may have had newer ones. */
    public Optional<SnapshotRecord> latestWhole(String host, String volume) throws IOException {
        AtomicReference<SnapshotRecord> last = new AtomicReference<>();
        forEach(host, record -> record.volume().equals(volume), last::set);
        return Optional.ofNullable(last.get());
    }

    /**
     * Passes on a host's records in order, oldest first, without holding them in memory. Of a damaged log it is those that are whole,
     * in the order in which they lie there.
     */
    public void forEach(String host, Predicate<SnapshotRecord> wanted, Consumer<SnapshotRecord> taker)
            throws IOException {
        HostLog log = logs.get(host);
        Path folder = hosts.resolve(host);
        if (!disk.exists(folder.resolve(HostLog.NAME))) {
            return; // whether that is damage is said by damage()
        }
        if (log != null) {
            log.forEach(wanted, taker).ifPresent(damage -> damaged.putIfAbsent(host, damage));
        } else if (damaged.containsKey(host)) {
            HostLog.salvage(disk, folder, wanted, taker);
        }
    }

    /** Passes on the records of all hosts, host by host. */
    public void forEach(Predicate<SnapshotRecord> wanted, Consumer<SnapshotRecord> taker) throws IOException {
        for (String host : hosts()) {
            forEach(host, wanted, taker);
        }
    }

    /** The records whose id begins with these hexadecimal digits. */
    public List<SnapshotRecord> find(String idPrefix) throws IOException {
        List<SnapshotRecord> found = new ArrayList<>();
        forEach(record -> record.id().startsWith(idPrefix), found::add);
        return found;
    }

    @Override
    public void close() throws IOException {
        for (HostLog log : logs.values()) {
            log.close();
        }
        marks.close();
    }
}
