package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.server.disk.CrashingDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A random but repeatable life of a store on a {@link CrashingDisk}, and what it has promised meanwhile. Two sessions of alice
 * and one of bob put, sync, commit, come and go; now and then the process is killed and started again.
 */
final class CrashRun {
    private static final Path DATA = Path.of("/srv/holdfast");
    private static final List<String> HOSTS = List.of("alice", "alice", "bob");

    private final SplittableRandom random;
    private final SampleObjects objects;
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    private final Map<String, Promises> promises = new HashMap<>();
    private final List<Optional<Ingest>> sessions = new ArrayList<>();
    private final List<Set<ObjectId>> pending = new ArrayList<>();
    private CrashingDisk disk;
    private Optional<Repository> repository = Optional.empty();

    CrashRun(long seed, CrashingDisk disk) {
        this.random = new SplittableRandom(seed);
        this.objects = new SampleObjects(random);
        this.disk = disk;
        for (String host : HOSTS) {
            promises.put(host, new Promises());
            sessions.add(Optional.empty());
            pending.add(new HashSet<>());
        }
    }

    /** What a host has put, and what of it was acknowledged. */
    private static final class Promises {
        private final Map<ObjectId, SealedObject> put = new LinkedHashMap<>();
        private final Set<ObjectId> safe = new HashSet<>();
        private final List<SnapshotRecord> records = new ArrayList<>();
    }

    private Promises of(String host) {
        return Objects.requireNonNull(promises.get(host));
    }

    CrashingDisk disk() {
        return disk;
    }

    private static Repository open(CrashingDisk disk, InstantSource clock, SplittableRandom random) throws IOException {
        return Repository.open(disk, DATA, clock, random, new Limits(3000, 0, 2));
    }

    private RealmStore store() throws IOException {
        return repository.orElseThrow().realm("home");
    }

    /** Begins a new life where a killed process has left the disk, and lives for a few more steps. */
    void liveAgain(int steps) throws IOException {
        kill();
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    /** Lives until the end or until the power is lost. */
    void live(int steps) throws IOException {
        try {
            repository = Optional.of(open(disk, clock, random));
            for (int i = 0; i < steps; i++) {
                step();
            }
        } catch (CrashingDisk.PowerLost e) {
            // the end of this life; what it promised counts
        }
    }

    private void step() throws IOException {
        int number = random.nextInt(sessions.size());
        String host = HOSTS.get(number);
        int dice = random.nextInt(100);
        if (sessions.get(number).isEmpty()) {
            sessions.set(number, Optional.of(store().begin(host)));
        }
        Ingest ingest = sessions.get(number).orElseThrow();
        if (dice < 40) {
            putOne(ingest, number, objects.chunk(random.nextInt(900)));
        } else if (dice < 62) {
            putOne(ingest, number, objects.tree(someKnown(ingest, host)));
        } else if (dice < 76) {
            ingest.sync();
            promiseAll(number);
        } else if (dice < 86) {
            commit(ingest, number);
        } else if (dice < 94) {
            ingest.close();
            sessions.set(number, Optional.empty());
        } else {
            kill();
        }
    }

    private void putOne(Ingest ingest, int number, SealedObject object) {
        if (!ingest.knows(objects.slot().id())) {
            remember(number, objects.slot());
            ingest.put(objects.slot());
        }
        remember(number, object);
        ingest.put(object);
    }

    private void remember(int number, SealedObject object) {
        of(HOSTS.get(number)).put.put(object.id(), object);
        pending.get(number).add(object.id());
    }

    private ObjectId[] someKnown(Ingest ingest, String host) {
        return of(host).put.keySet().stream()
                .filter(id -> random.nextInt(3) == 0 && ingest.knows(id))
                .limit(6)
                .toArray(ObjectId[]::new);
    }

    private void commit(Ingest ingest, int number) {
        String host = HOSTS.get(number);
        SealedObject snapshot = objects.snapshot(someKnown(ingest, host));
        putOne(ingest, number, snapshot);
        SnapshotRecord record = ingest.commit(summary(host, snapshot.id()));
        promiseAll(number);
        of(host).records.add(record);
    }

    static SnapshotSummary summary(String host, ObjectId snapshot) {
        return new SnapshotSummary(
                host, "v", snapshot, SnapshotSummary.Outcome.COMPLETE, false, new UUID(0, 1), Instant.EPOCH, 1, 1, 1);
    }

    private void promiseAll(int number) {
        of(HOSTS.get(number)).safe.addAll(pending.get(number));
        pending.get(number).clear();
    }

    /** After a kill the page cache is all there: what the next process shows is promised as well. */
    private void kill() throws IOException {
        disk = disk.afterKill();
        repository = Optional.of(open(disk, clock, random));
        for (int i = 0; i < sessions.size(); i++) {
            sessions.set(i, Optional.empty());
            pending.get(i).clear();
        }
        for (String host : promises.keySet()) {
            try (Ingest fresh = store().begin(host)) {
                of(host).put.keySet().stream().filter(fresh::knows).forEach(of(host).safe::add);
            }
            List<SnapshotRecord> shown = new ArrayList<>();
            store().log().forEach(host, record -> true, shown::add);
            of(host).records.clear();
            of(host).records.addAll(shown);
        }
    }

    /** Opens what a power loss has left and holds it against the promises. */
    void check(CrashingDisk left) throws IOException {
        checkHeads(left);
        try (Repository after = open(left, clock, new SplittableRandom(99))) {
            RealmStore store = after.realm("home");
            for (String host : promises.keySet()) {
                checkHost(store, host);
            }
        }
    }

    /** Should a log lose its end later on, what was acknowledged is missed. */
    private void checkHeads(CrashingDisk left) throws IOException {
        Path file = DATA.resolve("realms/home/heads");
        String heads = "";
        if (left.exists(file)) {
            byte[] bytes = new byte[(int) left.size(file)];
            left.open(file).readFully(bytes, 0);
            heads = new String(bytes, StandardCharsets.UTF_8);
        }
        for (String host : promises.keySet()) {
            List<SnapshotRecord> acknowledged = of(host).records;
            if (!acknowledged.isEmpty()) {
                long most = heads.lines()
                        .map(line -> line.split(" ", 4))
                        .filter(fields -> fields.length == 4 && fields[3].equals(host))
                        .mapToLong(fields -> Long.parseLong(fields[1]))
                        .max()
                        .orElse(0);
                assertThat(most).isGreaterThanOrEqualTo(acknowledged.size());
            }
        }
    }

    private void checkHost(RealmStore store, String host) throws IOException {
        try (Ingest ingest = store.begin(host)) {
            assertThat(of(host).safe).allMatch(ingest::knows, "is known to " + host);
            for (SealedObject object : of(host).put.values()) {
                if (ingest.knows(object.id())) {
                    Location location = store.locate(object.id(), host).orElseThrow();
                    assertThat(store.read(location).toByteArray()).isEqualTo(object.toByteArray());
                    assertThat(store.references(location)).allMatch(ingest::knows, "is there, being referenced");
                    assertThat(object.kind() == ObjectKind.SLOT || ingest.knows(object.slot()))
                            .isTrue();
                }
            }
            assertThat(store.log().damage()).isEmpty();
            List<SnapshotRecord> shown = new ArrayList<>();
            store.log().forEach(host, record -> true, shown::add);
            List<SnapshotRecord> acknowledged = of(host).records;
            assertThat(shown).hasSizeGreaterThanOrEqualTo(acknowledged.size());
            assertThat(shown.subList(0, acknowledged.size())).isEqualTo(acknowledged);
            assertThat(shown).allMatch(record -> ingest.knows(record.snapshot()), "has its snapshot");
        }
    }
}
