package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.CrashingDisk;
import dev.holdfast.server.disk.RealDisk;
import dev.holdfast.server.pack.CorruptPackException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged bytes, failing syncs and full disks: an honest answer or the right object, nothing else. */
class DamageTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    private static final Path DATA = Path.of("/srv/holdfast");

    private final SplittableRandom random = new SplittableRandom(11);
    private final SampleObjects objects = new SampleObjects(random);
    private final List<SealedObject> stored = new ArrayList<>();
    private final CrashingDisk disk = new CrashingDisk();

    private Repository open(int packBytes) throws IOException {
        return Repository.open(disk, DATA, CLOCK, random, new Limits(packBytes, 0));
    }

    /** Stores a few objects; the first pack is closed if {@code packBytes} is small. */
    private Path fill(int packBytes) throws IOException {
        try (Repository repository = open(packBytes)) {
            try (Ingest ingest = repository.realm("home").begin("alice")) {
                put(ingest, objects.slot());
                put(ingest, objects.chunk(120));
                put(ingest, objects.tree(stored.get(1).id()));
                put(ingest, objects.snapshot(stored.get(2).id()));
                if (packBytes < 5000) {
                    ingest.put(objects.chunk(1));
                }
            }
            Location first = repository
                    .realm("home")
                    .locate(objects.slot().id(), "alice")
                    .orElseThrow();
            Path folder = DATA.resolve("realms/home/packs").resolve(first.pack().folder());
            return folder.resolve(disk.list(folder).stream()
                    .filter(name -> name.startsWith(first.pack().hex()))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private void put(Ingest ingest, SealedObject object) {
        ingest.put(object);
        stored.add(object);
    }

    private byte[] content(Path file) throws IOException {
        try (var reading = disk.open(file)) {
            byte[] bytes = new byte[(int) reading.size()];
            reading.readFully(bytes, 0);
            return bytes;
        }
    }

    private void replace(Path file, byte[] bytes) throws IOException {
        if (disk.exists(file)) {
            disk.delete(file);
        }
        try (var writing = disk.create(file)) {
            writing.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    /** Opens what is there; returns how many of the stored objects could not be had. */
    private int missing() throws IOException {
        int missing = 0;
        try (Repository repository = open(1 << 20)) {
            RealmStore store = repository.realm("home");
            for (SealedObject object : stored) {
                Optional<Location> location = store.locate(object.id(), "alice");
                try {
                    if (location.isPresent()) {
                        assertThat(store.read(location.get()).toByteArray()).isEqualTo(object.toByteArray());
                        continue;
                    }
                } catch (CorruptPackException e) {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.DAMAGE);
                }
                missing++;
            }
        }
        return missing;
    }

    @Test
    void aFlippedByteAnywhereInAClosedPackCostsAtMostTheObjectItIsIn() throws IOException {
        Path pack = fill(600);
        assertThat(pack.toString()).endsWith(".pack");
        byte[] good = content(pack);
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            replace(pack, bad);
            assertThat(missing()).as("flipped byte %d", at).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aClosedPackCutAtAnyLengthYieldsItsWholeObjectsAndNothingElse() throws IOException {
        Path pack = fill(600);
        byte[] good = content(pack);
        int inThisPack = stored.size() - 1; // the snapshot object opened the next pack
        for (int length = good.length; length >= 0; length--) {
            replace(pack, Arrays.copyOf(good, length));
            int missing = missing();
            assertThat(missing).as("cut at %d", length).isBetween(0, inThisPack);
        }
        assertThat(missing()).isEqualTo(inThisPack);
    }

    @Test
    void aFailedSyncIsNeverFollowedBySuccess() throws IOException {
        fill(1 << 20);
        SealedObject lost = objects.chunk(300);
        try (Repository repository = open(1 << 20)) {
            Ingest ingest = repository.realm("home").begin("alice");
            ingest.put(lost);
            disk.failBy((operation, number) -> {
                if (operation.equals("force")) {
                    throw new IOException("Input/output error");
                }
            });
            assertThatThrownBy(ingest::sync).hasMessageContaining("Input/output error");
            disk.failBy((operation, number) -> {});
            assertThatThrownBy(ingest::sync).isInstanceOf(HoldfastException.class);
            assertThatThrownBy(() -> ingest.put(objects.chunk(1))).isInstanceOf(HoldfastException.class);
            ingest.close();
            assertThat(tried(repository.realm("home"), lost)).isTrue();
            try (Ingest next = repository.realm("home").begin("alice")) {
                assertThat(next.knows(lost.id())).isFalse();
                assertThat(next.knows(objects.slot().id())).isTrue();
                assertThat(next.put(objects.chunk(5))).isTrue();
            }
        }
        assertThat(missing()).isZero();
        try (Repository repository = open(1 << 20);
                Ingest next = repository.realm("home").begin("alice")) {
            assertThat(next.knows(lost.id())).isFalse();
            assertThat(tried(repository.realm("home"), lost)).isTrue();
            assertThat(repository.realm("home").findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message()).contains("1 whole object behind it"));
        }
    }

    /** Whether an object that does not count comes back all the same. */
    private static boolean tried(RealmStore store, SealedObject object) throws IOException {
        Location location = store.locate(object.id(), "alice").orElseThrow();
        return Arrays.equals(store.read(location).toByteArray(), object.toByteArray());
    }

    @Test
    void aFullDiskAtAnyWriteIsNoSpaceAndLeavesTheStoreWhole() throws IOException {
        fill(600);
        for (int step = 0; step < 12; step++) {
            int failing = disk.operations() + step;
            disk.failBy((operation, number) -> {
                if (operation.equals("write") && number >= failing) {
                    throw new IOException("No space left on device");
                }
            });
            try (Repository repository = open(600)) {
                Ingest ingest = repository.realm("home").begin("alice");
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 30; i++) {
                                ingest.put(objects.chunk(200));
                            }
                        })
                        .isInstanceOfSatisfying(
                                HoldfastException.class,
                                e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.NO_SPACE));
                disk.failBy((operation, number) -> {});
                SealedObject after = objects.chunk(50);
                assertThat(ingest.put(after)).isTrue();
                stored.add(after);
                ingest.close();
            }
            assertThat(missing())
                    .as("writes failing from operation %d", failing)
                    .isZero();
        }
    }

    @Test
    void aRealDiskThatIsFullIsNoSpaceAndWhatWasSyncedIsThere() throws IOException, InterruptedException {
        Path mount = Files.createTempDirectory("holdfast-full");
        boolean mounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount.toString())
                        .start()
                        .waitFor()
                == 0;
        assumeThat(mounted)
                .as("NOT RUN: a full disk needs the right to mount a tmpfs (root)")
                .isTrue();
        try {
            List<SealedObject> kept = new ArrayList<>();
            try (Repository repository =
                    Repository.open(new RealDisk(), mount.resolve("data"), CLOCK, random, new Limits(1 << 20, 0))) {
                Ingest ingest = repository.realm("home").begin("alice");
                ingest.put(objects.slot());
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 100; i++) {
                                SealedObject chunk = objects.chunk(100_000);
                                ingest.put(chunk);
                                ingest.sync();
                                kept.add(chunk);
                            }
                        })
                        .isInstanceOfSatisfying(
                                HoldfastException.class,
                                e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.NO_SPACE));
                ingest.close();
            }
            assertThat(kept).hasSizeGreaterThan(30);
            try (Repository repository =
                    Repository.open(new RealDisk(), mount.resolve("data"), CLOCK, random, new Limits(1 << 20, 0))) {
                RealmStore store = repository.realm("home");
                for (SealedObject object : kept) {
                    assertThat(store.read(store.locate(object.id(), "alice").orElseThrow())
                                    .toByteArray())
                            .isEqualTo(object.toByteArray());
                }
            }
        } finally {
            new ProcessBuilder("umount", mount.toString()).start().waitFor();
            Files.delete(mount);
        }
    }
}
