package dev.holdfast.server.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.keys.store.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the hosts have announced and reported, one file in the state folder that is replaced as a whole. It has room for what the
 * configuration names and nothing else, so no host can make it grow. Losing it loses no backup: agents announce themselves again, and
 * snapshots are where they are.
 */
final class FleetBook {
    private static final Logger log = LoggerFactory.getLogger(FleetBook.class);
    private static final long MAGIC = 0x484646_4C454554L; // HFFLEET
    private static final int VERSION = 3;
    /** The one before, in which hosts told of no restores. */
    private static final int WITHOUT_RESTORES = 2;

    private static final int MOST = 1 << 20;
    private static final int NAME_BYTES = 255;
    private static final int TEXT_BYTES = 256;
    /** As long as the configuration may have it. */
    private static final int SCHEDULE_BYTES = 1 << 16;

    private final Path file;
    private final Map<String, HostRecord> hosts = new HashMap<>();
    private final Map<Expected.Key, LastRun> runs = new HashMap<>();
    private final Map<Expected.Job, Instant> knownSince = new HashMap<>();
    private boolean changed;

    private FleetBook(Path file) {
        this.file = file;
    }

    /** One that makes no sense is set aside: a server must start. */
    static FleetBook open(Path file) {
        FleetBook book = new FleetBook(file);
        try {
            book.take(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return book;
        } catch (IOException e) {
            log.warn("what hosts have told is lost, since {} cannot be used: {}", file, e.toString());
            return setAside(file);
        }
        return book;
    }

    private static FleetBook setAside(Path file) {
        try {
            Files.move(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            log.warn("{} cannot be set aside: {}", file, e.toString());
        }
        return new FleetBook(file);
    }

    Optional<HostRecord> host(String name) {
        return Optional.ofNullable(hosts.get(name));
    }

    Collection<HostRecord> hosts() {
        return List.copyOf(hosts.values());
    }

    void put(HostRecord host) {
        changed |= !host.equals(hosts.put(host.host(), host));
    }

    Optional<LastRun> run(Expected.Key volume) {
        return Optional.ofNullable(runs.get(volume));
    }

    void put(Expected.Key volume, LastRun run) {
        runs.put(volume, run);
        changed = true;
    }

    /** What failed on that host for the sake of the restore needs nothing for it any more. */
    void ended(String host, OpenRestore restore) {
        for (Map.Entry<Expected.Key, LastRun> run : runs.entrySet()) {
            if (run.getKey().host().equals(host)) {
                LastRun after = run.getValue().after(restore);
                changed |= !after.equals(run.setValue(after));
            }
        }
    }

    /** When the schedule was first seen: now, if it never was. */
    Instant knownSince(Expected.Job job, Instant now) {
        changed |= !knownSince.containsKey(job);
        return knownSince.computeIfAbsent(job, any -> now);
    }

    /** Forgets what the configuration does not name any more. */
    void keepOnly(Set<String> names, Collection<Expected> expected) {
        Set<Expected.Key> volumes = expected.stream().map(Expected::key).collect(Collectors.toSet());
        Set<Expected.Job> jobs =
                expected.stream().flatMap(one -> one.jobs().stream()).collect(Collectors.toSet());
        changed |= hosts.keySet().retainAll(names);
        changed |= runs.keySet().retainAll(volumes);
        changed |= knownSince.keySet().retainAll(jobs);
    }

    /** Writes it if there is anything new; a full disk must not keep backups from being taken in. */
    void save() {
        if (!changed) {
            return;
        }
        try {
            AtomicFile.write(file, encode(), "rw-------");
            changed = false;
        } catch (IOException e) {
            log.error("what hosts have told cannot be written to {}: {}", file, e.toString());
        }
    }

    private byte[] encode() {
        Encoder out = new Encoder(4096);
        out.u64(MAGIC).u8(VERSION).varint(hosts.size());
        hosts.values().forEach(host -> encode(host, out));
        out.varint(runs.size());
        runs.forEach((volume, run) -> {
            encode(volume, out);
            run.report().encode(out);
            out.u64(run.at().toEpochMilli());
        });
        out.varint(knownSince.size());
        knownSince.forEach((job, moment) -> {
            encode(job.volume(), out);
            out.string(job.schedule()).u64(moment.toEpochMilli());
        });
        CRC32C sum = new CRC32C();
        sum.update(out.array(), 0, out.size());
        return out.u64(sum.getValue()).toBytes();
    }

    private static void encode(Expected.Key volume, Encoder out) {
        out.string(volume.host()).string(volume.volume());
    }

    private static void encode(HostRecord host, Encoder out) {
        out.string(host.host()).u64(host.since().toEpochMilli());
        out.u8(host.paused() ? 1 : 0).string(host.zone()).varint(host.promises().size());
        for (HostRecord.Promise promise : host.promises()) {
            out.string(promise.volume()).string(promise.schedule());
            out.u64(promise.owedSince().map(Instant::toEpochMilli).orElse(0L));
            out.varint(promise.due().size());
            promise.due().forEach(due -> out.u64(due.toEpochMilli()));
        }
        out.varint(host.restores().size());
        host.restores().forEach(restore -> restore.encode(out));
    }

    private void take(byte[] bytes) throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, Math.max(0, bytes.length - Long.BYTES));
        Decoder in = new Decoder(bytes);
        boolean known = in.u64() == MAGIC;
        int version = in.u8();
        if (!known || version < WITHOUT_RESTORES || version > VERSION) {
            throw new MalformedException("it is of another kind or version");
        }
        for (int left = in.count(MOST); left > 0; left--) {
            HostRecord host = host(in, version);
            hosts.put(host.host(), host);
        }
        for (int left = in.count(MOST); left > 0; left--) {
            runs.put(key(in), new LastRun(RunReport.decode(in), Instant.ofEpochMilli(in.u64())));
        }
        for (int left = in.count(MOST); left > 0; left--) {
            Expected.Job job = new Expected.Job(key(in), in.string(SCHEDULE_BYTES));
            knownSince.put(job, Instant.ofEpochMilli(in.u64()));
        }
        if (in.u64() != sum.getValue()) {
            throw new MalformedException("its checksum is wrong");
        }
        in.end();
    }

    private static Expected.Key key(Decoder in) throws MalformedException {
        return new Expected.Key(in.string(NAME_BYTES), in.string(NAME_BYTES));
    }

    private static HostRecord host(Decoder in, int version) throws MalformedException {
        String name = in.string(NAME_BYTES);
        Instant since = Instant.ofEpochMilli(in.u64());
        boolean paused = in.u8() == 1;
        String zone = in.string(NAME_BYTES);
        List<HostRecord.Promise> promises = new ArrayList<>();
        for (int left = in.count(Announcement.MOST_JOBS); left > 0; left--) {
            String volume = in.string(NAME_BYTES);
            String schedule = in.string(TEXT_BYTES);
            long owed = in.u64();
            List<Instant> due = new ArrayList<>();
            for (int more = in.count(Announcement.MOST_DUE); more > 0; more--) {
                due.add(Instant.ofEpochMilli(in.u64()));
            }
            Optional<Instant> owedSince = owed == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(owed));
            promises.add(new HostRecord.Promise(volume, schedule, owedSince, due));
        }
        List<RestoreStatus> restores = new ArrayList<>();
        for (int left = version == WITHOUT_RESTORES ? 0 : in.count(OpenRestore.MOST); left > 0; left--) {
            restores.add(RestoreStatus.decode(in));
        }
        return new HostRecord(name, since, paused, zone, promises, restores);
    }
}
