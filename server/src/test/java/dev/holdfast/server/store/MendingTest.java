package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.disk.RealDisk;
import dev.holdfast.server.pack.CorruptPackException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An object in a closed pack is damaged: it counts no more, and what is sent instead is used. */
final class MendingTest {
    private static final int IN_THE_PAYLOAD = 100;

    @TempDir
    Path data;

    private final SplittableRandom random = new SplittableRandom(11);
    private final SampleObjects objects = new SampleObjects(random);
    private final SealedObject chunk = objects.chunk(3000);
    private final SealedObject other = objects.chunk(3000);
    private Repository repository;
    private RealmStore store;

    @BeforeEach
    void fillPacks() throws IOException {
        open();
        bring("alice", objects.slot(), chunk, other, objects.chunk(3000), objects.chunk(3000));
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private void open() throws IOException {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
        repository = Repository.open(new RealDisk(), data, clock, random, new Limits(8000, 0));
        store = repository.realm("home");
    }

    private void openAgain() throws IOException {
        repository.close();
        open();
    }

    private void bring(String host, SealedObject... some) {
        try (Ingest ingest = store.begin(host)) {
            for (SealedObject object : some) {
                ingest.put(object);
            }
        }
    }

    private boolean knows(SealedObject object) {
        return knows("alice", object);
    }

    private boolean knows(String host, SealedObject object) {
        try (Ingest ingest = store.begin(host)) {
            return ingest.knows(object.id());
        }
    }

    private Location place(SealedObject object) {
        return store.locate(object.id(), "alice").orElseThrow();
    }

    private void flip(Location location) throws IOException {
        Path pack;
        try (Stream<Path> files = Files.walk(data)) {
            pack = files.filter(file -> file.getFileName()
                            .toString()
                            .startsWith(location.pack().hex() + ".pack"))
                    .findFirst()
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
            file.seek(location.offset() + IN_THE_PAYLOAD);
            int before = file.read();
            file.seek(location.offset() + IN_THE_PAYLOAD);
            file.write(before ^ 1);
        }
    }

    private void assertDamaged(Location location) {
        assertThatThrownBy(() -> store.read(location)).isInstanceOf(CorruptPackException.class);
    }

    private void assertReads(SealedObject object) throws IOException {
        assertThat(store.read(place(object)).toByteArray()).isEqualTo(object.toByteArray());
    }

    @Test
    void aDamagedObjectIsTakenAgainAndReadFromItsNewPlace() throws IOException {
        Location before = place(chunk);
        flip(before);
        assertThat(knows(chunk)).as("nobody has met the damage yet").isTrue();

        assertDamaged(before);
        assertThat(knows(chunk)).isFalse();
        assertThat(knows(other)).isTrue();
        openAgain();
        assertThat(knows(chunk)).as("also after a start").isFalse();
        assertThat(store.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo("1 stored object was found damaged and not stored again since, in pack "
                                + before.pack() + ".pack"));

        bring("alice", chunk);
        assertThat(store.findings()).as("it is whole again").isEmpty();
        assertReads(chunk);
        assertThat(store.read(before).toByteArray()).as("who has the old place").isEqualTo(chunk.toByteArray());
        openAgain();
        assertReads(chunk);
        assertThat(knows(chunk)).isTrue();
        assertThat(store.findings()).as("also after a start").isEmpty();
    }

    @Test
    void manyReadAtOnceGoOnWithAnotherCopy() throws IOException {
        Location before = place(chunk);
        flip(before);
        assertDamaged(before);
        bring("alice", chunk);

        List<byte[]> seen = new ArrayList<>();
        store.readAll(List.of(before, place(other)), object -> seen.add(object.toByteArray()));

        assertThat(seen).containsExactlyInAnyOrder(chunk.toByteArray(), other.toByteArray());
    }

    @Test
    void whatIsSealedUnderADamagedSlotIsTakenAgainUnderAnother() throws IOException {
        Location slot = place(objects.slot());
        flip(slot);
        assertDamaged(slot);
        SealedObject newSlot = new SampleObjects(random).slot();
        SealedObject again = new SampleObjects(random).of(ObjectKind.CHUNK, chunk.id(), newSlot.id(), List.of(), 3000);

        assertThat(knows(chunk)).isFalse();
        bring("alice", newSlot, again);

        assertThat(knows(chunk)).isTrue();
        assertThat(store.read(place(chunk)).toByteArray()).isEqualTo(again.toByteArray());
    }

    @Test
    void aSnapshotWhoseObjectOrSlotIsDamagedCannotBeRestoredAndThatIsKnown() throws IOException {
        SealedObject snapshot = objects.snapshot(chunk.id());
        SnapshotRecord record;
        try (Ingest ingest = store.begin("alice")) {
            ingest.put(snapshot);
            record = ingest.commit(CrashRun.summary("alice", snapshot.id()));
        }
        assertThat(store.obstacle(record)).isEmpty();

        Location slot = place(objects.slot());
        flip(slot);
        assertDamaged(slot);
        assertThat(store.obstacle(record)).contains("its key slot is damaged");
        openAgain();
        assertThat(store.obstacle(record)).contains("its key slot is damaged");
        flip(slot);

        repository.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path pack : files.filter(file -> file.toString().contains("/packs/") && Files.isRegularFile(file))
                    .toList()) {
                Files.delete(pack);
            }
        }
        open();
        assertThat(store.obstacle(record)).contains("its snapshot object is gone");
    }

    @Test
    void whoeverReliesOnADamagedObjectIsToldThatItIsDamage() throws IOException {
        flip(place(chunk));
        assertDamaged(place(chunk));
        try (Ingest ingest = store.begin("alice")) {
            assertThatThrownBy(() -> ingest.put(objects.tree(chunk.id())))
                    .isInstanceOfSatisfying(HoldfastException.class, e -> {
                        assertThat(e.problem().code()).isEqualTo(ProblemCode.DAMAGE);
                        assertThat(e.problem().hint()).contains("holdfast backup VOLUME --rehash");
                    });
            ingest.put(chunk);
            assertThat(ingest.put(objects.tree(chunk.id()))).isTrue();
        }
    }

    @Test
    void aVerifiedObjectThatIsDamagedIsNotOfferedToOthers() throws IOException {
        Location before = place(chunk);
        store.markVerified(before.pack(), before.offset() + before.length());
        assertThat(knows("bob", chunk)).isTrue();
        flip(before);
        assertDamaged(before);

        assertThat(knows("bob", chunk)).isFalse();
        assertThat(store.verified(chunk.id())).isEmpty();
    }

    @Test
    void rebuildingTheIndexRemembersEveryDamageAndForgetsWhatIsWholeAgain() throws IOException {
        Location before = place(chunk);
        flip(before);
        repository.close();
        try (Repository offline =
                Repository.open(new RealDisk(), data, InstantSource.system(), random, new Limits(8000, 0))) {
            assertThat(offline.rebuildIndexes().get(0).findings()).hasSize(1);
        }
        open();
        assertThat(knows(chunk)).isFalse();
        assertThat(knows(other)).isTrue();

        flip(before);
        repository.close();
        try (Repository offline =
                Repository.open(new RealDisk(), data, InstantSource.system(), random, new Limits(8000, 0))) {
            assertThat(offline.rebuildIndexes().get(0).findings()).isEmpty();
        }
        open();
        assertThat(knows(chunk)).isTrue();
        assertThat(data.resolve("realms/home/doubtful")).doesNotExist();
    }
}
