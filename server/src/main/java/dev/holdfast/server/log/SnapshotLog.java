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
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The snapshots of a realm: one hash-chained log per host, under {@code hosts/HOST/snapshots.log}. {@link #append} returns when
 * the record survives a power loss; only then do readers see it. A damaged log stops that host's history from being continued,
 * and no other's; what is whole in it can still be read.
 */
public final class SnapshotLog implements Closeable {
    private final Disk disk;
    private final Path hosts;
    private final UUID repository;
    private final InstantSource clock;
    private final Map<String, HostLog> logs = new ConcurrentSkipListMap<>();
    private final Map<String, CorruptLogException> damaged = new ConcurrentSkipListMap<>();
    private final List<Path> missing = new ArrayList<>();

    private SnapshotLog(Disk disk, Path hosts, UUID repository, InstantSource clock) {
        this.disk = disk;
        this.hosts = hosts;
        this.repository = repository;
        this.clock = clock;
    }

    /** Opens all logs under the folder {@code hosts}, which must exist. */
    public static SnapshotLog open(Disk disk, Path hosts, UUID repository, InstantSource clock) throws IOException {
        SnapshotLog log = new SnapshotLog(disk, hosts, repository, clock);
        for (String host : disk.list(hosts)) {
            Path folder = hosts.resolve(host);
            if (disk.exists(folder.resolve(HostLog.NAME))) {
                disk.syncDirectory(folder);
                try {
                    log.logs.put(host, HostLog.open(disk, folder));
                } catch (CorruptLogException e) {
                    log.damaged.put(host, e);
                }
            } else {
                log.missing.add(folder.resolve(HostLog.NAME));
            }
        }
        return log;
    }

    /**
     * Adds a record to the chain of {@code summary.host()}. The caller must have made sure that the snapshot is complete and
     * safe, and that the host is who it says.
     */
    public SnapshotRecord append(SnapshotSummary summary) throws IOException {
        return logOf(summary.host()).append(summary, repository, clock.instant());
    }

    private HostLog logOf(String host) throws IOException {
        refuseDamaged(host);
        synchronized (logs) {
            HostLog log = logs.get(host);
            if (log == null) {
                log = HostLog.create(disk, hosts.resolve(FileNames.check(host)));
                logs.put(host, log);
            }
            return log;
        }
    }

    private void refuseDamaged(String host) throws CorruptLogException {
        CorruptLogException damage = damaged.get(host);
        if (damage != null) {
            throw damage;
        }
    }

    /** The hosts that have a history, sorted; also those whose log is damaged. */
    public List<String> hosts() {
        TreeSet<String> all = new TreeSet<>(logs.keySet());
        all.addAll(damaged.keySet());
        return List.copyOf(all);
    }

    /** The logs that were found damaged so far. */
    public List<CorruptLogException> damage() {
        return List.copyOf(damaged.values());
    }

    /** What was found damaged in a host's log so far: then {@link #forEach} may not have passed on all that there was. */
    public Optional<CorruptLogException> damage(String host) {
        return Optional.ofNullable(damaged.get(host));
    }

    /** Logs that were not in their folders when this was opened: lost, unless a crash came before the first one was made. */
    public List<Path> missing() {
        return List.copyOf(missing);
    }

    /** Ends of logs that were no whole records and lie in files of their own now: torn by a crash, or damaged. */
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

    /**
     * Passes on a host's records in order, oldest first, without holding them in memory. Of a damaged log it is those that are whole,
     * in the order in which they lie there.
     */
    public void forEach(String host, Predicate<SnapshotRecord> wanted, Consumer<SnapshotRecord> taker)
            throws IOException {
        HostLog log = logs.get(host);
        if (log != null) {
            log.forEach(wanted, taker).ifPresent(damage -> damaged.putIfAbsent(host, damage));
        } else if (damaged.containsKey(host)) {
            HostLog.salvage(disk, hosts.resolve(host), wanted, taker);
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
    }
}
