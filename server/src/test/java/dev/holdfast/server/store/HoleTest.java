package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.disk.CrashingDisk;
import dev.holdfast.server.pack.CorruptPackException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A damaged byte in the middle of a pack costs the object that it is in, and nothing that lies behind it. */
class HoleTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    private static final Path DATA = Path.of("/srv/holdfast");
    private static final Path PACKS = DATA.resolve("realms/home/packs");
    private static final int ONE_PACK = 1 << 20;

    private final SplittableRandom random = new SplittableRandom(23);
    private final SampleObjects objects = new SampleObjects(random);
    private final List<SealedObject> stored = new ArrayList<>();
    private CrashingDisk disk = new CrashingDisk();

    private Repository open(int packBytes) throws IOException {
        return Repository.open(disk, DATA, CLOCK, random, new Limits(packBytes, 0));
    }

    /** A slot, chunks and trees, in one pack unless {@code packBytes} is small. */
    private void fill(int packBytes) throws IOException {
        stored.clear();
        disk = new CrashingDisk();
        try (Repository repository = open(packBytes);
                Ingest ingest = repository.realm("home").begin("alice")) {
            put(ingest, objects.slot());
            for (int i = 0; i < 4; i++) {
                put(ingest, objects.chunk(50));
                put(ingest, objects.tree(stored.get(stored.size() - 1).id()));
            }
        }
    }

    private void put(Ingest ingest, SealedObject object) {
        ingest.put(object);
        stored.add(object);
    }

    private Path pack(String suffix) throws IOException {
        for (String folder : disk.list(PACKS)) {
            for (String name : disk.list(PACKS.resolve(folder))) {
                if (name.endsWith(suffix)) {
                    return PACKS.resolve(folder).resolve(name);
                }
            }
        }
        throw new AssertionError("no pack is named " + suffix);
    }

    private int size(Path file) throws IOException {
        try (var reading = disk.open(file)) {
            return (int) reading.size();
        }
    }

    private void flip(Path file, int at) throws IOException {
        byte[] one = new byte[1];
        try (var reading = disk.open(file);
                var writing = disk.edit(file)) {
            reading.readFully(one, at);
            one[0] ^= 1;
            writing.write(ByteBuffer.wrap(one), at);
        }
    }

    private List<SealedObject> unreadable(RealmStore store) throws IOException {
        List<SealedObject> lost = new ArrayList<>();
        for (SealedObject object : stored) {
            try {
                Optional<Location> location = store.locate(object.id(), "alice");
                if (location.isPresent()) {
                    assertThat(store.read(location.get()).toByteArray()).isEqualTo(object.toByteArray());
                    continue;
                }
            } catch (CorruptPackException e) {
                // as good as not there
            }
            lost.add(object);
        }
        return lost;
    }

    /** Objects that end at {@code at} or before, when they lie one behind the other in one pack. */
    private long before(int at, int start) {
        int end = start;
        long count = 0;
        for (SealedObject object : stored) {
            end += object.length();
            count += end <= at ? 1 : 0;
        }
        return count;
    }

    private int start(Path pack) throws IOException {
        return size(pack) - stored.stream().mapToInt(SealedObject::length).sum();
    }

    @Test
    void aFlippedByteOfAnOpenPackCostsOneObjectAndWhatLiesBehindDoesNotCount() throws IOException {
        fill(ONE_PACK);
        int size = size(pack(".open"));
        int start = start(pack(".open"));
        int last = size - stored.get(stored.size() - 1).length();
        for (int at = 0; at < last; at += 7) {
            fill(ONE_PACK);
            flip(pack(".open"), at);
            long counting = before(at, start);
            for (int round = 0; round < 2; round++) {
                try (Repository repository = open(ONE_PACK);
                        Ingest ingest = repository.realm("home").begin("alice")) {
                    RealmStore store = repository.realm("home");
                    assertThat(unreadable(store)).as("flipped byte %d", at).hasSize(at < start ? 0 : 1);
                    assertThat(stored.stream()
                                    .filter(object -> ingest.knows(object.id()))
                                    .count())
                            .isEqualTo(at < start ? 0 : counting);
                    long behind = stored.size() - (at < start ? 0 : counting + 1);
                    assertThat(store.findings())
                            .singleElement()
                            .extracting(Problem::message)
                            .asString()
                            .contains(behind + " whole object");
                }
            }
            assertThat(size(pack(".damaged"))).isEqualTo(size);
        }
    }

    @Test
    void theNextBackupStoresAgainWhatNoLongerCounts() throws IOException {
        fill(ONE_PACK);
        Path pack = pack(".open");
        flip(pack, start(pack) + stored.get(0).length() + 100);
        try (Repository repository = open(ONE_PACK);
                Ingest ingest = repository.realm("home").begin("alice")) {
            assertThat(ingest.put(stored.get(0))).isFalse();
            for (SealedObject object : stored.subList(1, stored.size())) {
                assertThat(ingest.put(object)).isTrue();
            }
            ingest.sync();
            RealmStore store = repository.realm("home");
            assertThat(unreadable(store)).isEmpty();
            Location again = store.locate(stored.get(8).id(), "alice").orElseThrow();
            assertThat(pack(".damaged").toString()).doesNotContain(again.pack().hex());
            long counting = (long) again.offset() + again.length();
            assertThat(store.stats().bytes())
                    .as("what was set aside takes up room, too")
                    .isGreaterThanOrEqualTo(counting + size(pack(".damaged")));
        }
        try (Repository repository = open(ONE_PACK)) {
            assertThat(unreadable(repository.realm("home"))).isEmpty();
            assertThat(repository.realm("home").findings()).hasSize(1);
        }
    }

    @Test
    void aSnapshotIsOnlyCalledLostWhenItsObjectOrItsKeySlotIsInTheHole() throws IOException {
        assertThat(obstacleWithAHoleIn(1)).as("a chunk before it").isEmpty();
        assertThat(obstacleWithAHoleIn(0)).contains("its key slot is damaged");
        assertThat(obstacleWithAHoleIn(9)).contains("its snapshot object is gone");
    }

    /** Why a snapshot behind slot, chunks and trees cannot be restored when one of those or itself is damaged. */
    private Optional<String> obstacleWithAHoleIn(int number) throws IOException {
        fill(ONE_PACK);
        SnapshotRecord record;
        try (Repository repository = open(ONE_PACK);
                Ingest ingest = repository.realm("home").begin("alice")) {
            put(ingest, objects.snapshot(stored.get(8).id()));
            record = ingest.commit(CrashRun.summary("alice", stored.get(9).id()));
            put(ingest, objects.chunk(50));
        }
        Path pack = pack(".open");
        int before = stored.subList(0, number).stream()
                .mapToInt(SealedObject::length)
                .sum();
        flip(pack, start(pack) + before + 100);
        try (Repository repository = open(ONE_PACK)) {
            return repository.realm("home").obstacle(record);
        }
    }

    @Test
    void aSnapshotBehindAHoleThatIsDamagedLaterIsLostFromThenOn() throws IOException {
        obstacleWithAHoleIn(1);
        Path aside = pack(".damaged");
        try (Repository repository = open(ONE_PACK)) {
            RealmStore store = repository.realm("home");
            SnapshotRecord[] record = new SnapshotRecord[1];
            store.log().forEach(any -> true, found -> record[0] = found);
            assertThat(store.obstacle(record[0])).isEmpty();
            Location snapshot = store.locate(stored.get(9).id(), "alice").orElseThrow();
            flip(aside, snapshot.offset() + 100);
            assertThat(store.obstacle(record[0])).contains("its snapshot object is damaged");
        }
    }

    @Test
    void aClosedPackThatLostItsFooterAndHasAHoleIsReadOnBothSidesOfIt() throws IOException {
        fill(1500);
        Path pack = pack(".pack");
        int size = size(pack);
        flip(pack, size - 30);
        flip(pack, 500);
        for (int round = 0; round < 2; round++) {
            try (Repository repository = open(1500);
                    Ingest ingest = repository.realm("home").begin("alice")) {
                List<SealedObject> lost = unreadable(repository.realm("home"));
                assertThat(lost).hasSize(1);
                assertThat(ingest.knows(lost.get(0).id())).isFalse();
                SealedObject behind = stored.get(stored.indexOf(lost.get(0)) + 1);
                assertThat(ingest.knows(behind.id())).isFalse();
                assertThat(repository.realm("home").findings().toString()).contains("behind it can be read");
            }
        }
        assertThat(size(pack(".damaged"))).isEqualTo(size);
    }

    @Test
    void aSecondHoleBeforeTheFirstMovesTheEndOfWhatCounts() throws IOException {
        fill(ONE_PACK);
        Path pack = pack(".open");
        int start = start(pack);
        int third = start + stored.get(0).length() + stored.get(1).length();
        flip(pack, third + stored.get(2).length() + 20);
        open(ONE_PACK).realm("home");
        disk = disk.afterKill();
        Path aside = pack(".damaged");
        flip(aside, start + stored.get(0).length() + 20);
        try (Repository repository = open(ONE_PACK);
                Ingest ingest = repository.realm("home").begin("alice")) {
            assertThat(unreadable(repository.realm("home"))).containsExactly(stored.get(1), stored.get(3));
            assertThat(ingest.knows(stored.get(0).id())).isTrue();
            assertThat(ingest.knows(stored.get(2).id())).isFalse();
        }
        assertThat(disk.exists(aside)).isFalse();
    }

    @Test
    void whatCountsBeforeAHoleIsSafeThoughAKilledProcessHadNotSyncedIt() throws IOException {
        try (Repository repository = open(ONE_PACK)) {
            Ingest ingest = repository.realm("home").begin("alice");
            put(ingest, objects.slot());
            ingest.sync();
            for (int i = 0; i < 3; i++) {
                put(ingest, objects.chunk(600));
            }
            disk = disk.afterKill();
        } catch (CrashingDisk.PowerLost e) {
            // closing is what the kill has spared it
        }
        Path pack = pack(".open");
        flip(pack, size(pack) - stored.get(3).length() - 100);
        try (Repository repository = open(ONE_PACK);
                Ingest ingest = repository.realm("home").begin("alice")) {
            assertThat(ingest.knows(stored.get(1).id())).isTrue();
        }
        for (int seed = 0; seed < 20; seed++) {
            CrashingDisk left = disk.afterPowerLoss(new SplittableRandom(seed));
            try (Repository repository = Repository.open(left, DATA, CLOCK, random, new Limits(ONE_PACK, 0));
                    Ingest ingest = repository.realm("home").begin("alice")) {
                assertThat(ingest.knows(stored.get(1).id())).as("seed %d", seed).isTrue();
            }
        }
    }

    @Test
    void falseBeginningsInAPayloadEndTheSearchBeforeItEatsTheServer() throws IOException {
        byte[] header = new byte[SealedObject.HEADER_BYTES];
        ByteBuffer.wrap(header)
                .putInt(SealedObject.MAGIC)
                .put((byte) SealedObject.VERSION)
                .put((byte) ObjectKind.CHUNK.number())
                .putInt(12, 60_000);
        try (Repository repository = open(ONE_PACK);
                Ingest ingest = repository.realm("home").begin("alice")) {
            put(ingest, objects.slot());
            put(ingest, objects.chunk(10));
            put(ingest, objects.chunk(90_000));
            put(ingest, objects.chunk(10));
        }
        Path pack = pack(".open");
        int hostile = start(pack) + stored.get(0).length() + stored.get(1).length();
        try (var writing = disk.edit(pack)) {
            for (int at = hostile + 100; at < hostile + 30_000; at += header.length) {
                writing.write(ByteBuffer.wrap(header), at);
            }
        }
        try (Repository repository = open(ONE_PACK);
                Ingest ingest = repository.realm("home").begin("alice")) {
            RealmStore store = repository.realm("home");
            assertThat(ingest.knows(stored.get(1).id())).isTrue();
            assertThat(store.findings())
                    .singleElement()
                    .extracting(Problem::message)
                    .asString()
                    .contains("the search was given up at offset");
        }
        assertThat(size(pack(".damaged"))).isGreaterThan(hostile + 90_000);
    }

    @Test
    void aPackWhoseHeaderOnlyANewerVersionKnowsIsLeftAlone() throws IOException {
        fill(ONE_PACK);
        Path pack = pack(".open");
        byte[] head = new byte[start(pack)];
        try (var reading = disk.open(pack)) {
            reading.readFully(head, 0);
        }
        head[15] = 2;
        CRC32C crc = new CRC32C();
        crc.update(head, 0, head.length - 4);
        ByteBuffer.wrap(head).putInt(head.length - 4, (int) crc.getValue());
        try (var writing = disk.edit(pack)) {
            writing.write(ByteBuffer.wrap(head), 0);
        }
        try (Repository repository = open(ONE_PACK)) {
            assertThat(repository.realm("home").findings())
                    .singleElement()
                    .extracting(Problem::message)
                    .asString()
                    .contains("known version");
        }
        assertThat(disk.exists(pack)).isTrue();
    }
}
