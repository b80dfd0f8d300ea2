package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.disk.CrashingDisk;
import dev.holdfast.server.pack.PackEntry;
import dev.holdfast.server.pack.PackId;
import dev.holdfast.server.pack.PackScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The index says what the packs say, whatever happens to its files. */
class RealmIndexTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    private static final Path DATA = Path.of("/srv/holdfast");
    private static final Path PACKS = DATA.resolve("realms/home/packs");
    private static final Path RUNS = DATA.resolve("realms/home/index");

    private SplittableRandom random = new SplittableRandom(1);
    private SampleObjects objects = new SampleObjects(random);
    private CrashingDisk disk = new CrashingDisk();
    private Optional<Repository> repository = Optional.empty();
    private Optional<Ingest> session = Optional.empty();
    private final Map<Path, byte[]> oldRuns = new HashMap<>();
    private final List<ObjectId> ids = new ArrayList<>();

    private void open() throws IOException {
        repository = Optional.of(Repository.open(disk, DATA, CLOCK, random, new Limits(900, 0, 2)));
        session = Optional.of(store().begin("alice"));
    }

    private void close() throws IOException {
        session.orElseThrow().close();
        repository.orElseThrow().close();
    }

    private RealmStore store() throws IOException {
        return repository.orElseThrow().realm("home");
    }

    private void put(int count) {
        Ingest ingest = session.orElseThrow();
        if (!ingest.knows(objects.slot().id())) {
            ingest.put(objects.slot());
            ids.add(objects.slot().id());
        }
        for (int i = 0; i < count; i++) {
            SealedObject chunk = objects.chunk(random.nextInt(120));
            ingest.put(chunk);
            ids.add(chunk.id());
        }
    }

    private record Lies(PackId pack, int offset, int length) {}

    /** Where objects lie, by reading every pack from the front. */
    private Map<ObjectId, Set<Lies>> truth() throws IOException {
        Map<ObjectId, Set<Lies>> places = new HashMap<>();
        for (Path pack : files(PACKS)) {
            try (var file = disk.open(pack)) {
                PackScan scan = new PackScan(file);
                var header = scan.header().orElseThrow();
                for (PackEntry entry : scan.table(header, Integer.MAX_VALUE).entries()) {
                    places.computeIfAbsent(entry.id(), id -> new HashSet<>())
                            .add(new Lies(header.id(), entry.offset(), entry.length()));
                }
            }
        }
        return places;
    }

    private List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : disk.list(folder)) {
            Path path = folder.resolve(name);
            if (name.length() == 2) {
                files.addAll(files(path));
            } else {
                files.add(path);
            }
        }
        return files;
    }

    private void assertIndexIsTruth(String when) throws IOException {
        Map<ObjectId, Set<Lies>> truth = truth();
        for (ObjectId id : ids) {
            List<Lies> said = store().places(id).stream()
                    .map(place -> new Lies(realm().registry().get(place.pack()).id(), place.offset(), place.length()))
                    .toList();
            assertThat(said).as(when).containsExactlyInAnyOrderElementsOf(truth.getOrDefault(id, Set.of()));
        }
        assertThat(store().stats().objects())
                .as(when)
                .isEqualTo(truth.values().stream().mapToLong(Set::size).sum());
        assertThat(store().places(objects.randomId())).isEmpty();
    }

    private RealmStore realm() {
        try {
            return store();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] content(Path path) throws IOException {
        try (var file = disk.open(path)) {
            byte[] bytes = new byte[(int) file.size()];
            file.readFully(bytes, 0);
            return bytes;
        }
    }

    private void write(Path path, byte[] bytes) throws IOException {
        if (disk.exists(path)) {
            disk.delete(path);
        }
        try (var file = disk.create(path)) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    private Optional<Path> any(Path folder, String suffix) throws IOException {
        List<Path> some = files(folder).stream()
                .filter(file -> file.toString().endsWith(suffix))
                .toList();
        return some.isEmpty() ? Optional.empty() : Optional.of(some.get(random.nextInt(some.size())));
    }

    private void flip(Path path) throws IOException {
        byte[] bytes = content(path);
        int at = random.nextInt(bytes.length);
        bytes[at] ^= 1;
        try (var file = disk.edit(path)) {
            file.write(ByteBuffer.wrap(bytes, at, 1), at);
        }
    }

    /** Cuts a pack somewhere behind its header. */
    private void cut(Path pack) throws IOException {
        byte[] bytes = content(pack);
        write(pack, Arrays.copyOf(bytes, 100 + random.nextInt(bytes.length - 100)));
    }

    /** Something happens to the files, mostly while the server is down. */
    private String happen() throws IOException {
        int dice = random.nextInt(100);
        if (dice < 45) {
            put(1 + random.nextInt(25));
            return "put";
        }
        if (dice < 55) {
            session.orElseThrow().close();
            session = Optional.of(store().begin(random.nextBoolean() ? "alice" : "bob"));
            return "another session";
        }
        if (dice < 60) {
            disk = disk.afterKill();
            open();
            return "killed";
        }
        for (Path run : files(RUNS)) {
            if (random.nextInt(4) == 0) {
                oldRuns.put(run, content(run));
            }
        }
        if (dice < 66) {
            any(RUNS, ".run").ifPresent(run -> quietly(() -> flip(run)));
            return "a run is damaged under the server";
        }
        close();
        String what = meanwhile(dice);
        open();
        return what;
    }

    private String meanwhile(int dice) throws IOException {
        if (dice < 72) {
            any(RUNS, ".run").ifPresent(run -> quietly(() -> flip(run)));
            return "a run is damaged";
        }
        if (dice < 77) {
            any(RUNS, ".run").ifPresent(run -> quietly(() -> disk.delete(run)));
            return "a run is deleted";
        }
        if (dice < 81) {
            for (Path run : files(RUNS)) {
                disk.delete(run);
            }
            return "all runs are deleted";
        }
        if (dice < 88) {
            for (Map.Entry<Path, byte[]> old : oldRuns.entrySet()) {
                write(old.getKey(), old.getValue());
            }
            return "old runs are back";
        }
        if (dice < 91) {
            any(PACKS, ".pack").ifPresent(pack -> quietly(() -> disk.delete(pack)));
            return "a pack is gone";
        }
        if (dice < 95) {
            any(PACKS, ".pack").ifPresent(pack -> quietly(() -> cut(pack)));
            return "a pack is cut";
        }
        return "reopened";
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theIndexIsAFunctionOfThePacksWhateverHappensToItsFiles() throws IOException {
        int mostRuns = 0;
        for (long seed = 0; seed < 12; seed++) {
            random = new SplittableRandom(seed);
            objects = new SampleObjects(random);
            disk = new CrashingDisk();
            ids.clear();
            oldRuns.clear();
            open();
            for (int step = 0; step < 60; step++) {
                String what = happen();
                assertIndexIsTruth("seed " + seed + ", step " + step + ": " + what);
                mostRuns = Math.max(mostRuns, files(RUNS).size());
            }
            close();
        }
        assertThat(mostRuns).isBetween(2, 9);
    }

    @Test
    void aPackThatARunCoversIsNotOpenedAtTheStart() throws IOException {
        open();
        put(40);
        close();
        Path pack = any(PACKS, ".pack").orElseThrow();
        byte[] good = content(pack);
        good[good.length - 20] ^= 1;
        write(pack, good);
        open();
        assertThat(store().findings()).isEmpty();
        assertThat(store().stats().objects()).isEqualTo(41);
        close();
        for (Path run : files(RUNS)) {
            disk.delete(run);
        }
        open();
        assertThat(store().findings()).hasSize(1);
        assertThat(store().stats().objects()).isEqualTo(41);
        close();
    }

    @Test
    void aFullDiskLeavesTheIndexInMemory() throws IOException {
        open();
        put(60);
        close();
        for (Path run : files(RUNS)) {
            disk.delete(run);
        }
        disk.failBy((operation, number) -> {
            if (operation.equals("create")) {
                throw new IOException("No space left on device");
            }
        });
        open();
        assertIndexIsTruth("on a full disk");
        assertThat(files(RUNS)).isEmpty();
        disk.failBy((operation, number) -> {});
        put(40);
        assertIndexIsTruth("with room again");
        assertThat(files(RUNS)).isNotEmpty();
        close();
    }

    @Test
    void rebuildingMakesTheRunsAnew() throws IOException {
        open();
        put(60);
        close();
        List<Path> before = files(RUNS);
        assertThat(before).isNotEmpty();
        before.forEach(run -> quietly(() -> flip(run)));
        try (Repository stopped = Repository.open(disk, DATA, CLOCK, random, new Limits(900, 0, 2))) {
            RebuiltIndex rebuilt = stopped.rebuildIndexes().get(0);
            assertThat(rebuilt.objects()).isEqualTo(61);
            assertThat(rebuilt.findings()).isEmpty();
        }
        assertThat(files(RUNS)).isNotEmpty().doesNotContainAnyElementsOf(before);
        open();
        assertIndexIsTruth("rebuilt");
        close();
    }
}
